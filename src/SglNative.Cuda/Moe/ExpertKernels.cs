using SglNative.Core.Tensors;
using SglNative.Cuda.Catalog;
using SglNative.Cuda.Kernels;
using SglNative.Interop;
using SglNative.Models.Operations;

namespace SglNative.Cuda.Moe;

/// <summary>
/// The products of a layer's experts. Launches kernels/moe/experts.cu where inputs and weights are of one 16-bit type and rows are aligned,
/// or kernels/moe/few_experts.cu where experts have few rows each; else kernels/moe/plain_experts.cu.
/// </summary>
internal sealed class ExpertKernels(KernelContext context)
{
    private const int PlainRows = 16, PlainThreads = 128, PlainColumns = 64;

    private readonly KernelFamily<Key> _experts = new(context.Loader, Name, key => key.Config.SharedMemory);
    private readonly KernelFamily<FewKey> _few = new(context.Loader, FewName, key => key.Config.SharedMemory);
    private readonly KernelFamily<PlainKey> _plain = new(context.Loader, PlainName);

    public static KernelName Name(Key key) => new("moe/experts.cu",
        $"sgl::experts<{key.DType.Cpp()}, {key.Output.Cpp()}, {Cpp(key.Activation)}, {key.Config.Rows}, {key.Config.WarpsM}, {key.Config.WarpsN}, {key.Config.Stages}>");

    public static KernelName FewName(FewKey key) => new("moe/few_experts.cu", $"sgl::few_experts<{key.DType.Cpp()}, {key.Output.Cpp()}, {Cpp(key.Activation)}, {FewExpertsConfig.Warps}, {key.Config.Stages}>");

    public static KernelName PlainName(PlainKey key) => new("moe/plain_experts.cu", $"sgl::plain_experts<{key.X.Cpp()}, {key.Weight.Cpp()}, {key.Output.Cpp()}, {Cpp(key.Activation)}>");

    /// <summary>The kernels of the catalogue.</summary>
    public static IEnumerable<KernelName> Instantiations(KernelRange range) =>
        from dtype in range.DTypes
        from activation in range.ExpertActivations.Select(activation => (GatedActivation?)activation).Append(null)
        let output = activation is null ? KernelRange.Between : dtype
        from name in UsesTensorCores(dtype, dtype)
            ? range.Devices.SelectMany(ExpertConfig.All).Distinct().Select(config => Name(new(dtype, output, activation, config))).Append(FewName(new(dtype, output, activation)))
            : [PlainName(new(dtype, dtype, output, activation))]
        select name;

    /// <summary>act(gate) · up, rows in the order of pairs.</summary>
    public void GateUp(in Tensor x, in Tensor weight, in Tensor bias, in ExpertRouting routing, ExpertOptions options, in Tensor output)
    {
        var arguments = Arguments(x, weight, bias, routing, output);
        arguments.TopK = routing.TopK;
        arguments.Factors = options.WeightInput ? routing.Weights.Data : 0;
        arguments.Limit = options.Limit;
        Launch(x, weight, routing, options.Activation, output.DType, arguments);
    }

    /// <summary>Rows in the order of pairs to rows in the order of tokens.</summary>
    public void Down(in Tensor x, in Tensor weight, in Tensor bias, in ExpertRouting routing, in Tensor output)
    {
        var arguments = Arguments(x, weight, bias, routing, output);
        arguments.Scatter = 1;
        Launch(x, weight, routing, null, output.DType, arguments);
    }

    private static ExpertArguments Arguments(in Tensor x, in Tensor weight, in Tensor bias, in ExpertRouting routing, in Tensor output)
    {
        x.ExpectDenseRows(nameof(x));
        weight.ExpectDense(nameof(weight), weight.DType);
        return new ExpertArguments
        {
            X = x.Data,
            Weight = weight.Data,
            Bias = bias.Data,
            Output = output.Data,
            Pairs = routing.Pairs.Data,
            Starts = routing.Starts.Data,
            XStride = x.Strides[0],
            Experts = routing.ExpertCount,
            Columns = checked((int)output.Shape[1]),
            Depth = checked((int)x.Shape[1]),
        };
    }

    private void Launch(in Tensor x, in Tensor weight, in ExpertRouting routing, GatedActivation? activation, DType output, in ExpertArguments arguments)
    {
        var gated = activation is not null;
        var (pairs, experts) = (routing.Pairs.Count, routing.ExpertCount);
        var tensorCores = UsesTensorCores(x.DType, weight.DType) && x.Shape[1] % RowLaunch.Vector == 0 && RowLaunch.IsAligned(x) && RowLaunch.IsAligned(weight);
        if (tensorCores && FewExpertsConfig.Suits(pairs, experts))
        {
            var key = new FewKey(x.DType, output, activation);
            context.Launch(_few[key], Blocks(FewExpertsConfig.Columns, FewExpertsConfig.Rows, arguments.Columns), FewExpertsConfig.Threads, arguments, key.Config.SharedMemory);
        }
        else if (tensorCores)
        {
            var config = ExpertConfig.For(pairs, experts, context.Capabilities);
            context.Launch(_experts[new Key(x.DType, output, activation, config)], Blocks(config.Columns(gated), config.Rows, arguments.Columns), config.Threads, arguments, config.SharedMemory);
        }
        else
        {
            var blocks = Blocks(gated ? PlainColumns / 2 : PlainColumns, PlainRows, arguments.Columns);
            context.Launch(_plain[new PlainKey(x.DType, weight.DType, output, activation)], blocks, PlainThreads, arguments);
        }

        // As find_expert_tile counts them.
        int Blocks(int columns, int rows, int width) => checked((width + columns - 1) / columns * ExpertConfig.Tiles(pairs, experts, rows));
    }

    /// <summary>True where inputs and weights are of one 16-bit type.</summary>
    public static bool UsesTensorCores(DType x, DType weight) => x == weight && x is DType.BFloat16 or DType.Float16;

    private static string Cpp(GatedActivation? activation) => activation is null ? "void" : $"sgl::{activation}";

    /// <summary>Template parameters; activation null for the plain product.</summary>
    public readonly record struct Key(DType DType, DType Output, GatedActivation? Activation, ExpertConfig Config);

    /// <summary>Template parameters of the kernel for few rows.</summary>
    public readonly record struct FewKey(DType DType, DType Output, GatedActivation? Activation)
    {
        /// <summary>Of its blocks.</summary>
        public FewExpertsConfig Config => new(Activation is not null);
    }

    /// <summary>Template parameters of the kernel without tensor cores.</summary>
    public readonly record struct PlainKey(DType X, DType Weight, DType Output, GatedActivation? Activation);
}
