using SglNative.Core.Tensors;
using SglNative.Cuda.Catalog;
using SglNative.Cuda.Kernels;
using SglNative.Interop;
using SglNative.Models.Batches;
using SglNative.Models.Operations;

namespace SglNative.Cuda.Recurrent;

/// <summary>Launches kernels/recurrent/causal_convolution.cu.</summary>
internal sealed class CausalConvolutionKernel(KernelContext context)
{
    /// <summary>Tokens that a thread walks through: what is read again before them is little.</summary>
    private const int LongTile = 32;

    private readonly KernelFamily<Key> _kernels = new(context.Loader, Name);

    public static KernelName Name(Key key) =>
        new("recurrent/causal_convolution.cu", $"sgl::causal_convolution<{key.DType.Cpp()}, {key.Weight.Cpp()}, {key.Output.Cpp()}, {key.Taps}, {key.Silu.Cpp()}>");

    /// <summary>The kernels of the catalogue.</summary>
    public static IEnumerable<KernelName> Instantiations(KernelRange range) =>
        from dtype in range.DTypes
        from convolution in range.Convolutions
        select Name(new(KernelRange.Between, dtype, KernelRange.Between, convolution.Taps, convolution.Silu));

    public void Run(
        in Tensor x, in Tensor weight, in Tensor bias, in Tensor state, in AttentionMetadata metadata, PointwiseActivation activation, in Tensor output)
    {
        x.ExpectDenseRows(nameof(x));
        weight.ExpectDenseRows(nameof(weight));
        state.ExpectDenseRows(nameof(state));
        if (!bias.IsNull) bias.ExpectDense(nameof(bias), weight.DType);
        metadata.ExpectStates();
        var (channels, taps) = (checked((int)x.Shape[1]), checked((int)weight.Shape[1]));
        var tile = Math.Min(LongTile, metadata.MaxQueryLength);
        var arguments = new Arguments
        {
            X = x.Data,
            Weight = weight.Data,
            Bias = bias.Data,
            State = state.Data,
            Output = output.Data,
            QueryStart = metadata.QueryStart.Data,
            KvLengths = metadata.KvLengths.Data,
            StateSlots = metadata.StateSlots.Data,
            XStride = x.Strides[0],
            WeightStride = weight.Strides[0],
            StateSlotStride = state.Strides[0],
            StateRowStride = state.Strides[1],
            Sequences = metadata.SequenceCount,
            Channels = channels,
            Slots = checked((int)state.Shape[0]),
            Tile = tile,
        };
        var threads = RowLaunch.ThreadsFor(channels);
        var grid = new Dim3((channels + threads - 1) / threads, metadata.TokenTiles(checked((int)x.Shape[0]), tile));
        context.Launch(_kernels[new Key(x.DType, weight.DType, output.DType, taps, activation == PointwiseActivation.Silu)], grid, threads, arguments);
    }

    /// <summary>Template parameters.</summary>
    public readonly record struct Key(DType DType, DType Weight, DType Output, int Taps, bool Silu);

    /// <summary><c>ConvolutionArgs</c>.</summary>
    private struct Arguments
    {
        public nint X, Weight, Bias, State, Output, QueryStart, KvLengths, StateSlots;
        public long XStride, WeightStride, StateSlotStride, StateRowStride;
        public int Sequences, Channels, Slots, Tile;
    }
}
