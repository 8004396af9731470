using System.Text;
using SglNative.Cuda.Attention;
using SglNative.Cuda.Caching;
using SglNative.Cuda.Elementwise;
using SglNative.Cuda.Embedding;
using SglNative.Cuda.Kernels;
using SglNative.Cuda.Latent;
using SglNative.Cuda.Moe;
using SglNative.Cuda.Normalization;
using SglNative.Cuda.Random;
using SglNative.Cuda.Recurrent;
using SglNative.Cuda.Rotary;
using SglNative.Cuda.Sampling;
using SglNative.Interop.Kernels;

namespace SglNative.Cuda.Catalog;

/// <summary>
/// Every kernel that the engine asks for, within <see cref="KernelRange"/>: what is compiled for each architecture on every commit,
/// and what the ahead-of-time pack holds. A new kernel joins with one line here.
/// </summary>
public static class KernelCatalog
{
    private static readonly Func<KernelRange, IEnumerable<KernelName>>[] Families =
    [
        EmbeddingKernel.Instantiations,
        ElementwiseKernels.Instantiations,
        GatedActivationKernel.Instantiations,
        GatingKernels.Instantiations,
        GateKernel.Instantiations,
        RmsNormKernel.Instantiations,
        SplitRmsNormKernels.Instantiations,
        LayerNormKernel.Instantiations,
        RotaryKernel.Instantiations,
        RotateAndStoreKernel.Instantiations,
        StoreKvKernel.Instantiations,
        StoreLatentKernel.Instantiations,
        PrefillAttention.Instantiations,
        DecodeAttention.Instantiations,
        PlainAttention.Instantiations,
        CombineSplits.Instantiations,
        LatentAttention.Instantiations,
        PlainLatentAttention.Instantiations,
        RouteExpertsKernel.Instantiations,
        SortPairsKernel.Instantiations,
        ExpertKernels.Instantiations,
        CombineExpertsKernel.Instantiations,
        CausalConvolutionKernel.Instantiations,
        DeltaGatesKernel.Instantiations,
        GatedDeltaRule.Instantiations,
        ChunkedDeltaRule.Instantiations,
        SampleKernels.Instantiations,
        LogProbsKernels.Instantiations,
        EditLogitsKernel.Instantiations,
        FillNormalKernel.Instantiations,
    ];

    /// <summary>The compile units for <paramref name="architecture"/> (<c>sm_90a</c>, <c>compute_80</c>), one per kernel, in a fixed order.</summary>
    /// <exception cref="Core.SglException">The architecture is not known.</exception>
    public static IReadOnlyList<KernelSource> Sources(string architecture) => [.. Kernels(architecture).Select(KernelLoader.Source)];

    /// <summary>
    /// The catalogue as text, which kernels/catalog.txt holds for CMakeLists.txt: a line per kernel with its architectures, its file
    /// and the expression that instantiates it.
    /// </summary>
    public static string Listing()
    {
        var architectures = new Dictionary<KernelName, List<string>>();
        foreach (var architecture in ChipProfile.Known)
            foreach (var kernel in Kernels(architecture))
            {
                if (!architectures.TryGetValue(kernel, out var list)) architectures[kernel] = list = [];
                list.Add(architecture);
            }
        var text = new StringBuilder();
        foreach (var (kernel, list) in architectures.OrderBy(entry => entry.Key.File, StringComparer.Ordinal).ThenBy(entry => entry.Key.Instantiation, StringComparer.Ordinal))
            text.Append(list.Count == ChipProfile.Known.Count ? "all" : string.Join(',', list)).Append(' ')
                .Append(kernel.File).Append(' ').Append(kernel.Instantiation).Append('\n');
        return text.ToString();
    }

    /// <summary>Their names, each once.</summary>
    internal static IReadOnlyList<KernelName> Kernels(string architecture)
    {
        var range = new KernelRange(ChipProfile.For(architecture));
        return [.. Families.SelectMany(family => family(range)).Distinct()
            .OrderBy(kernel => kernel.File, StringComparer.Ordinal).ThenBy(kernel => kernel.Instantiation, StringComparer.Ordinal)];
    }
}
