using SglNative.Core.Tensors;
using SglNative.Cuda.Catalog;
using SglNative.Cuda.Kernels;
using SglNative.Interop;
using SglNative.Models.Operations;

namespace SglNative.Cuda.Sampling;

/// <summary>Launches kernels/sampling/edit_logits.cu: penalties, biases and masks.</summary>
internal sealed class EditLogitsKernel(KernelContext context)
{
    public static readonly KernelName Name = new("sampling/edit_logits.cu", "sgl::edit_logits");

    private const int Threads = 256;

    private DeviceFunction? _kernel;

    /// <summary>The kernels of the catalogue.</summary>
    public static IEnumerable<KernelName> Instantiations(KernelRange range) => [Name];

    public void Run(in Tensor logits, in LogitEdits edits)
    {
        edits.Row.ExpectDense("row", DType.Int32);
        edits.Token.ExpectDense("token", DType.Int32);
        edits.Repetition.ExpectDense("repetition", DType.Float32);
        edits.Bias.ExpectDense("bias", DType.Float32);
        var entries = checked((int)edits.Row.Count);
        var arguments = new Arguments
        {
            Logits = logits.Data,
            Row = edits.Row.Data,
            Token = edits.Token.Data,
            Repetition = edits.Repetition.Data,
            Bias = edits.Bias.Data,
            Entries = entries,
            Rows = checked((int)logits.Shape[0]),
            Columns = checked((int)logits.Shape[1]),
        };
        context.Launch(_kernel ??= context.Loader.Load(Name), (entries + Threads - 1) / Threads, Threads, arguments);
    }

    /// <summary><c>EditLogitsArgs</c>.</summary>
    private struct Arguments
    {
        public nint Logits, Row, Token, Repetition, Bias;
        public int Entries, Rows, Columns;
    }
}
