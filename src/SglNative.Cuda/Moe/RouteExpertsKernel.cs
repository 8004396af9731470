using SglNative.Core.Tensors;
using SglNative.Cuda.Catalog;
using SglNative.Cuda.Kernels;
using SglNative.Models.Operations;

namespace SglNative.Cuda.Moe;

/// <summary>Launches kernels/moe/route.cu: each token's experts and their weights.</summary>
internal sealed class RouteExpertsKernel(KernelContext context)
{
    private const int TokensPerBlock = 4;

    private readonly KernelFamily<byte> _kernels = new(context.Loader, _ => Name);

    public static KernelName Name { get; } = new("moe/route.cu", "sgl::route_experts");

    /// <summary>The kernels of the catalogue.</summary>
    public static IEnumerable<KernelName> Instantiations(KernelRange range) => [Name];

    public void Run(in Tensor logits, in Tensor correction, RoutingOptions options, in ExpertRouting routing)
    {
        logits.ExpectDenseRows(nameof(logits));
        if (!correction.IsNull) correction.ExpectDense(nameof(correction), DType.Float32);
        var arguments = new Arguments
        {
            Logits = logits.Data,
            Correction = correction.Data,
            Chosen = routing.Experts.Data,
            Weights = routing.Weights.Data,
            LogitsStride = logits.Strides[0],
            Tokens = routing.Tokens,
            Experts = routing.ExpertCount,
            TopK = options.TopK,
            Groups = options.Groups,
            TopGroups = options.TopGroups,
            GroupScoreCount = options.GroupScoreCount,
            Sigmoid = options.Scoring == ExpertScoring.Sigmoid ? 1 : 0,
            Renormalize = options.Renormalize ? 1 : 0,
            Scale = options.Scale,
        };
        // Scores, what the choice goes by, and the groups' scores, for each token.
        var sharedMemory = TokensPerBlock * (2 * routing.ExpertCount + options.Groups) * sizeof(float);
        context.Launch(_kernels[0], (routing.Tokens + TokensPerBlock - 1) / TokensPerBlock, TokensPerBlock * 32, arguments, sharedMemory);
    }

    /// <summary><c>RouteArgs</c>.</summary>
    private struct Arguments
    {
        public nint Logits, Correction, Chosen, Weights;
        public long LogitsStride;
        public int Tokens, Experts, TopK, Groups, TopGroups, GroupScoreCount, Sigmoid, Renormalize;
        public float Scale;
    }
}
