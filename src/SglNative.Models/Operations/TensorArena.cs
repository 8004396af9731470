using SglNative.Core.Tensors;
using SglNative.Models.Backends;

namespace SglNative.Models.Operations;

/// <summary>
/// Memory of one step's activations. Tensors made before the first layer live for the whole step; a tensor made in layer <c>i</c>
/// lives until layer <c>i + 1</c> has returned, since layers alternate between two regions. So a step needs the memory of two
/// layers, whatever the depth, and nothing is ever freed by hand. Blocks are kept from step to step, so a shape that was seen
/// once allocates nothing.
/// </summary>
public sealed class TensorArena
{
    private const int Alignment = 256;

    // Between tensors, where accesses are checked.
    private const int Gap = 256;

    private const long SmallestBlock = 1 << 20;

    private readonly Backend _backend;
    private readonly Region _step = new();
    private readonly Region[] _layers = [new(), new()];
    private Region _current;

    /// <summary>An empty arena on <paramref name="backend"/>.</summary>
    public TensorArena(Backend backend)
    {
        _backend = backend;
        _current = _step;
    }

    /// <summary>Bytes held from the backend.</summary>
    public long Capacity => _step.Capacity + _layers[0].Capacity + _layers[1].Capacity;

    /// <summary>Starts a step: every tensor of the last one is gone.</summary>
    public void BeginStep()
    {
        _step.Reset(_backend);
        _layers[0].Reset(_backend);
        _layers[1].Reset(_backend);
        _current = _step;
    }

    /// <summary>Starts layer <paramref name="index"/> (from 0): tensors of layer index − 2 are gone.</summary>
    public void BeginLayer(int index)
    {
        _current = _layers[index & 1];
        _current.Reset(_backend);
    }

    /// <summary>Ends the last layer: tensors made from here on live to the end of the step.</summary>
    public void EndLayers() => _current = _step;

    /// <summary>Where the arena stands, for <see cref="Restore"/>.</summary>
    public Mark Position => new(_step.Block, _step.Used);

    /// <summary>
    /// Starts a step that stands where one stood before, at <paramref name="mark"/>: tensors of that step that were made outside its
    /// layers, and those of its last two layers, are where they were. For operations that were recorded between.
    /// </summary>
    public void Restore(Mark mark)
    {
        // What is where was marked by the recorded operations.
        _layers[0].Rewind();
        _layers[1].Rewind();
        (_step.Block, _step.Used) = (mark.Block, mark.Used);
        _current = _step;
    }

    /// <summary>A contiguous tensor with undefined contents.</summary>
    public Tensor Allocate(Shape shape, DType dtype)
    {
        var used = shape.Count * dtype.Size();
        var bytes = Math.Max((used + Alignment - 1) / Alignment * Alignment, Alignment);
        if (!_backend.ChecksMemory) return new Tensor(_current.Take(bytes, _backend), dtype, shape);
        var data = _current.Take(bytes + Gap, _backend);
        _backend.HandOut(data, used);
        return new Tensor(data, dtype, shape);
    }

    /// <summary>Gives all blocks back to the backend; used when a larger step must fit in their place. Recorded operations keep using them: not while there are any.</summary>
    public void Release()
    {
        BeginStep();
        foreach (var region in (ReadOnlySpan<Region>)[_step, _layers[0], _layers[1]]) region.Release(_backend);
    }

    /// <summary>A place between two allocations.</summary>
    /// <param name="Block">Block of the step's region.</param>
    /// <param name="Used">Bytes of it that are in use.</param>
    public readonly record struct Mark(int Block, long Used);

    private sealed class Region
    {
        private readonly List<Tensor> _blocks = [];

        public long Capacity { get; private set; }

        public int Block { get; set; }

        public long Used { get; set; }

        public void Rewind() => (Block, Used) = (0, 0);

        public void Reset(Backend backend)
        {
            if (backend.ChecksMemory)
                for (var i = 0; i < _blocks.Count && (i < Block || (i == Block && Used > 0)); i++) backend.TakeBack(_blocks[i].Data, _blocks[i].ByteCount);
            Rewind();
        }

        public nint Take(long bytes, Backend backend)
        {
            for (; Block < _blocks.Count; Block++, Used = 0)
            {
                if (Used + bytes > _blocks[Block].ByteCount) continue;
                var data = _blocks[Block].Data + (nint)Used;
                Used += bytes;
                return data;
            }
            var size = Math.Max(bytes, Math.Max(SmallestBlock, Capacity / 2));
            _blocks.Add(backend.Allocate(new Shape(size), DType.UInt8));
            if (backend.ChecksMemory) backend.TakeBack(_blocks[^1].Data, size);
            Capacity += size;
            Used = bytes;
            return _blocks[Block].Data;
        }

        public void Release(Backend backend)
        {
            foreach (var block in _blocks) backend.Free(block);
            _blocks.Clear();
            Capacity = 0;
            Rewind();
        }
    }
}
