using SglNative.Core.Tensors;
using SglNative.Models.Backends;
using SglNative.Models.Batches;
using SglNative.Models.Operations;

namespace SglNative.Cpu.Bench;

/// <summary>A decoder of Llama-3.2-1B's shape with random weights, straight on the operations: what a model costs without its graph.</summary>
internal sealed class DecoderShape
{
    private const int Layers = 16, Hidden = 2048, Heads = 32, KvHeads = 8, HeadDim = 64, Intermediate = 8192, Vocabulary = 128_256, PageSize = 16;

    private readonly Backend _backend;
    private readonly Tensor[] _qkv, _o, _gateUp, _down, _cache;
    private readonly Tensor _head, _norm, _cosSin;
    private readonly int _maxTokens;

    public DecoderShape(Backend backend, DType dtype, int maxTokens)
    {
        (_backend, _maxTokens) = (backend, maxTokens);
        Tensor Random(params ReadOnlySpan<long> dims)
        {
            var tensor = backend.Allocate(new Shape(dims), dtype);
            backend.FillNormal(tensor, 0.02f, (ulong)tensor.Data);
            return tensor;
        }
        _qkv = new Tensor[Layers];
        (_o, _gateUp, _down, _cache) = (new Tensor[Layers], new Tensor[Layers], new Tensor[Layers], new Tensor[Layers]);
        for (var i = 0; i < Layers; i++)
        {
            _qkv[i] = Random((Heads + 2 * KvHeads) * HeadDim, Hidden);
            _o[i] = Random(Hidden, Heads * HeadDim);
            _gateUp[i] = Random(2 * Intermediate, Hidden);
            _down[i] = Random(Hidden, Intermediate);
            _cache[i] = Random(maxTokens / PageSize + 1, 2, KvHeads, PageSize, HeadDim);
        }
        _head = Random(Vocabulary, Hidden);
        _norm = backend.Allocate(new Shape(Hidden), dtype);
        backend.Fill(_norm, 1);
        _cosSin = backend.Allocate(new Shape(maxTokens + 1, HeadDim), DType.Float32);
        backend.Fill(_cosSin, 0.7f);
        WeightBytes = (_qkv.Sum(t => t.ByteCount) + _o.Sum(t => t.ByteCount) + _gateUp.Sum(t => t.ByteCount) + _down.Sum(t => t.ByteCount)) + _head.ByteCount;
    }

    /// <summary>Bytes that a decode step reads of weights.</summary>
    public long WeightBytes { get; }

    /// <summary>One step of one sequence: <paramref name="tokens"/> tokens after <paramref name="past"/>, logits of the last.</summary>
    public unsafe Action Step(int tokens, int past)
    {
        int[] Ints(int count, Func<int, int> f) => [.. Enumerable.Range(0, count).Select(f)];
        Tensor Upload(int[] values, params ReadOnlySpan<long> dims)
        {
            var tensor = _backend.Allocate(dims.Length == 0 ? new Shape(values.Length) : new Shape(dims), DType.Int32);
            fixed (int* p = values) _backend.Upload(new ReadOnlySpan<byte>(p, values.Length * 4), tensor);
            return tensor;
        }
        var pages = _maxTokens / PageSize + 1;
        var ids = Upload(Ints(tokens, i => i * 31 % Vocabulary));
        var positions = Upload(Ints(tokens, i => past + i));
        var last = Upload([tokens - 1]);
        var metadata = new AttentionMetadata
        {
            QueryStart = Upload([0, tokens]), KvLengths = Upload([past + tokens]), PageTable = Upload(Ints(pages, i => i), 1, pages),
            PageSize = PageSize, MaxQueryLength = tokens, MaxKvLength = past + tokens,
        };
        var options = new AttentionOptions { Scale = 0.125f };
        return () =>
        {
            var ops = _backend.Ops;
            ops.Arena.BeginStep();
            var residual = ops.Embedding(ids, _head, DType.Float32);
            var x = ops.RmsNorm(residual, _norm, 1e-5f);
            for (var i = 0; i < Layers; i++)
            {
                ops.Arena.BeginLayer(i);
                var qkv = ops.Linear(x, _qkv[i]);
                var q = qkv.Slice(1, 0, Heads * HeadDim).View(tokens, Heads, HeadDim);
                var k = qkv.Slice(1, Heads * HeadDim, KvHeads * HeadDim).View(tokens, KvHeads, HeadDim);
                var v = qkv.Slice(1, (Heads + KvHeads) * HeadDim, KvHeads * HeadDim).View(tokens, KvHeads, HeadDim);
                ops.RotaryEmbedding(q, k, positions, _cosSin);
                ops.StoreKv(k, v, _cache[i], positions);
                var attention = ops.Attention(q, _cache[i], metadata, options).View(tokens, Heads * HeadDim);
                x = ops.AddRmsNorm(ops.Linear(attention, _o[i]), residual, _norm, 1e-5f);
                x = ops.Linear(ops.SiluAndMul(ops.Linear(x, _gateUp[i])), _down[i]);
                x = ops.AddRmsNorm(x, residual, _norm, 1e-5f);
            }
            ops.Arena.EndLayers();
            ops.Linear(ops.GatherRows(x, last), _head, default, DType.Float32);
        };
    }
}
