using System.Numerics;
using SglNative.Core.Tensors;
using SglNative.Cuda.Catalog;
using SglNative.Cuda.Kernels;
using SglNative.Interop;
using SglNative.Models.Operations;

namespace SglNative.Cuda.Sampling;

/// <summary>Launches kernels/sampling/sample.cu: draws a token per row of logits.</summary>
internal sealed class SampleKernels(KernelContext context) : IDisposable
{
    public static readonly KernelName PlanName = new("sampling/sample.cu", "sgl::plan_rows");
    public static readonly KernelName PickName = new("sampling/sample.cu", "sgl::pick_tokens");

    private const int PlanThreads = 1024, PickThreads = 256, SmallestCapacity = 256;

    // Per row: threshold (4 bytes), maximum (4), best (8), finished (4); kept from draw to draw because the kernels leave the last
    // two zero, which spares a launch.
    private const int RowBytes = 20;

    private DeviceFunction? _plan, _pick;
    private nint _state;
    private int _capacity;

    /// <summary>The kernels of the catalogue.</summary>
    public static IEnumerable<KernelName> Instantiations(KernelRange range) => [PlanName, PickName];

    public void Run(in Tensor logits, in SamplingInputs inputs, in Tensor output)
    {
        var rows = checked((int)logits.Shape[0]);
        RequireState(rows);
        var config = Config.For(rows, checked((int)logits.Shape[1]), context.Capabilities.MultiprocessorCount);
        var arguments = new Arguments
        {
            Logits = logits.Data,
            Output = output.Data,
            Best = _state,
            Threshold = _state + _capacity * sizeof(ulong),
            Maximum = _state + _capacity * (sizeof(ulong) + sizeof(uint)),
            Finished = _state + _capacity * (sizeof(ulong) + 2 * sizeof(uint)),
            Rows = rows,
            Columns = checked((int)logits.Shape[1]),
            Chunks = config.Chunks,
            Chunk = config.Columns,
            Greedy = inputs.AllGreedy ? 1 : 0,
        };
        if (!inputs.AllGreedy)
        {
            Expect(inputs.Temperature, "temperature", DType.Float32, rows);
            Expect(inputs.TopK, "top_k", DType.Int32, rows);
            Expect(inputs.TopP, "top_p", DType.Float32, rows);
            Expect(inputs.MinP, "min_p", DType.Float32, rows);
            Expect(inputs.Seed, "seed", DType.Int64, rows);
            Expect(inputs.Position, "position", DType.Int32, rows);
            arguments.Temperature = inputs.Temperature.Data;
            arguments.TopK = inputs.TopK.Data;
            arguments.TopP = inputs.TopP.Data;
            arguments.MinP = inputs.MinP.Data;
            arguments.Seed = inputs.Seed.Data;
            arguments.Position = inputs.Position.Data;
            context.Launch(_plan ??= context.Loader.Load(PlanName), rows, PlanThreads, arguments);
        }
        context.Launch(_pick ??= context.Loader.Load(PickName), checked(rows * config.Chunks), PickThreads, arguments);
    }

    public void Dispose()
    {
        if (_state != 0) context.Device.Free(_state);
        (_state, _capacity) = (0, 0);
    }

    private void RequireState(int rows)
    {
        if (rows <= _capacity) return;
        Dispose();
        _capacity = (int)Math.Max(SmallestCapacity, BitOperations.RoundUpToPowerOf2((uint)rows));
        _state = context.Device.Allocate((long)_capacity * RowBytes);
        context.Device.FillAsync(_state, (byte)0, (long)_capacity * RowBytes, context.Stream);
    }

    private static void Expect(in Tensor tensor, string name, DType dtype, int rows)
    {
        tensor.Expect(name, rows);
        tensor.ExpectDense(name, dtype);
    }

    /// <summary>How a row's columns are shared among blocks.</summary>
    /// <param name="Chunks">Blocks per row.</param>
    /// <param name="Columns">Columns of a block, a multiple of 4.</param>
    public readonly record struct Config(int Chunks, int Columns)
    {
        private const int Smallest = 2048, Largest = 16384, BlocksPerMultiprocessor = 8;

        public static Config For(int rows, int columns, int multiprocessors)
        {
            var chunk = Smallest;
            while (chunk < Largest && (long)rows * ((columns + chunk - 1) / chunk) > (long)BlocksPerMultiprocessor * multiprocessors) chunk *= 2;
            return new((columns + chunk - 1) / chunk, chunk);
        }
    }

    /// <summary><c>SampleArgs</c>.</summary>
    private struct Arguments
    {
        public nint Logits, Temperature, TopK, TopP, MinP, Seed, Position, Output, Threshold, Maximum, Best, Finished;
        public int Rows, Columns, Chunks, Chunk, Greedy;
    }
}
