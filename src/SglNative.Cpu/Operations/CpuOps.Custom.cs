using System.Runtime.InteropServices;
using SglNative.Core.Tensors;
using SglNative.Cpu.Threading;
using SglNative.Models.Operations.Custom;
using SglNative.Models.Operations.Expressions;

namespace SglNative.Cpu.Operations;

internal sealed unsafe partial class CpuOps<TSimd, TVector>
{
    // Values of an expression that are worked on together: the stack of a deep expression stays in the first-level cache.
    private const int MapBlock = 256;

    /// <inheritdoc/>
    protected override void MapInto(MapExpression expression, ReadOnlySpan<Tensor> inputs, in Tensor output)
    {
        var job = new MapJob { Output = new RowView(output), Count = inputs.Length };
        for (var i = 0; i < inputs.Length; i++) job[i] = new RowView(inputs[i]);
        pool.ReserveScratch((inputs.Length + expression.Program.StackSize) * MapBlock * 4L);
        job.Scratch = pool.Scratches;
        var handle = GCHandle.Alloc(expression.Program);
        try
        {
            job.Program = GCHandle.ToIntPtr(handle);
            pool.Run(job.Split.Cut(job.Output.Count, 4L * job.Output.Width), &MapRows, &job);
        }
        finally
        {
            handle.Free();
        }
    }

    /// <inheritdoc/>
    protected override void RunCustom(CustomOp op, in CustomCall call) => op.Cpu(call);

    private static void MapRows(void* arguments, int chunk, int worker)
    {
        ref var job = ref *(MapJob*)arguments;
        var program = (MapProgram)GCHandle.FromIntPtr(job.Program).Target!;
        var values = (float*)job.Scratch[worker];
        var stack = values + job.Count * MapBlock;
        var (width, size) = (job.Output.Width, job.Output.DType.Size());
        for (var row = job.Split.First(chunk); row < job.Split.End(chunk); row++)
            for (var at = 0; at < width; at += MapBlock)
            {
                var n = Math.Min(MapBlock, width - at);
                for (var i = 0; i < job.Count; i++) Conversion<TSimd, TVector>.ToFloat(job[i][row] + (long)at * job[i].DType.Size(), job[i].DType, values + i * n, n);
                program.Run(new ReadOnlySpan<float>(values, job.Count * n), new Span<float>(stack, program.StackSize * n), n);
                Conversion<TSimd, TVector>.FromFloat(stack, job.Output[row] + (long)at * size, job.Output.DType, n);
            }
    }

    private struct MapJob
    {
        public RowView Output;
        public RowView X;
        public RowView Y;
        public RowView Z;
        public RowView W;
        public int Count;
        public nint Program;
        public byte** Scratch;
        public RowSplit Split;

        public RowView this[int index]
        {
            readonly get => index switch { 0 => X, 1 => Y, 2 => Z, _ => W };
            set
            {
                switch (index)
                {
                    case 0: X = value; break;
                    case 1: Y = value; break;
                    case 2: Z = value; break;
                    default: W = value; break;
                }
            }
        }
    }
}
