using SglNative.Core.Tensors;
using SglNative.Cuda.Catalog;
using SglNative.Cuda.Kernels;
using SglNative.Interop;

namespace SglNative.Cuda.Sampling;

/// <summary>Launches kernels/sampling/log_probs.cu: log probabilities of given tokens and of the most probable ones.</summary>
internal sealed class LogProbsKernels(KernelContext context)
{
    public static readonly KernelName ChosenName = new("sampling/log_probs.cu", "sgl::log_probs");
    public static readonly KernelName TopName = new("sampling/log_probs.cu", "sgl::top_log_probs");

    private const int Threads = 1024;

    private DeviceFunction? _chosen, _top;

    /// <summary>The kernels of the catalogue.</summary>
    public static IEnumerable<KernelName> Instantiations(KernelRange range) => [ChosenName, TopName];

    /// <summary>values [R] = log softmax of row r at tokens[r].</summary>
    public void Run(in Tensor logits, in Tensor tokens, in Tensor values)
    {
        tokens.ExpectDense(nameof(tokens), DType.Int32);
        var arguments = new Arguments { Logits = logits.Data, Tokens = tokens.Data, Values = values.Data, Columns = checked((int)logits.Shape[1]) };
        context.Launch(_chosen ??= context.Loader.Load(ChosenName), checked((int)logits.Shape[0]), Threads, arguments);
    }

    /// <summary>The k largest of each row: ids and values [R, k].</summary>
    public void RunTop(in Tensor logits, in Tensor ids, in Tensor values)
    {
        var arguments = new Arguments
        {
            Logits = logits.Data,
            Ids = ids.Data,
            Values = values.Data,
            Columns = checked((int)logits.Shape[1]),
            K = checked((int)ids.Shape[1]),
        };
        context.Launch(_top ??= context.Loader.Load(TopName), checked((int)logits.Shape[0]), Threads, arguments);
    }

    /// <summary><c>LogProbsArgs</c>.</summary>
    private struct Arguments
    {
        public nint Logits, Tokens, Ids, Values;
        public int Columns, K;
    }
}
