using SglNative.Models;
using SglNative.Models.Modules;

namespace SglNative.Engine.Execution.Graphs;

/// <summary>How much memory captured decode steps take, before they are captured: an estimate from the model's shapes, on the large side.</summary>
internal static class GraphMemory
{
    // A launch in a graph of the driver, and launches of a layer.
    private const long NodeBytes = 8 << 10, NodesPerLayer = 16;

    // What lies between two kernels of an operation, parts of attention above all.
    private const long Workspace = 64 << 20;

    /// <summary>Bytes for all of <paramref name="sizes"/>; 0 for none.</summary>
    public static long Estimate(ModelBuild build, CausalLM model, GraphSizes sizes, int pageSize)
    {
        if (sizes.Sizes.Count == 0) return 0;
        var (largest, layers) = (sizes.Sizes[^1], Math.Max(1, build.Caches.Count));
        // Results of projections, of two layers at a time; those of experts for each expert of a token.
        var experts = build.Routers.Count > 0 ? build.Routers.Max(router => router.Routing.TopK) : 0;
        var columns = build.Parameters.Sum(parameter => parameter.Shape.Rank switch
        {
            2 when parameter.Shape[0] != model.VocabSize => parameter.Shape[0],
            3 => parameter.Shape[1] * Math.Min(experts, parameter.Shape[0]),
            _ => 0,
        });
        var perToken = (2 * columns / layers + 8L * model.HiddenSize + model.VocabSize) * sizeof(float);
        var inputs = DecodeInputs.Bytes(largest, (build.MaxPositions + pageSize - 1) / pageSize);
        return largest * perToken + inputs + Workspace + sizes.Sizes.Count * layers * NodesPerLayer * NodeBytes;
    }
}
