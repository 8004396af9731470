using SglNative.Core.Tensors;
using SglNative.Interop.Emulated.Native;
using SglNative.Interop.Gemm;
using SglNative.Interop.Tma;

namespace SglNative.Interop.Emulated;

internal sealed unsafe partial class EmulatedDevice
{
    public void Launch(DeviceFunction function, in LaunchConfig config, ReadOnlySpan<nint> arguments)
    {
        if (function is not EmulatedFunction emulated) throw new ArgumentException("the function is not of this provider", nameof(function));
        if (emulated.ParameterSizes.Count != arguments.Length)
            throw new ArgumentException($"{function.Name} takes {emulated.ParameterSizes.Count} arguments, not {arguments.Length}", nameof(arguments));
        fixed (nint* addresses = arguments)
        {
            var request = new LaunchRequest
            {
                Function = emulated.Handle,
                Stream = config.Stream.Handle,
                Grid = config.Grid,
                Block = config.Block,
                Cluster = config.Cluster,
                DynamicSharedMemory = (uint)config.DynamicSharedMemory,
                Flags = (config.Cooperative ? LaunchRequest.Cooperative : 0) | (config.ProgrammaticDependentLaunch ? LaunchRequest.Dependent : 0),
                Arguments = addresses,
                ArgumentCount = arguments.Length,
            };
            EmulationStatus.Check(EmulationApi.FunctionLaunch(&request));
        }
    }

    public void EncodeTensorMap(in TensorMapDescription description, out TensorMap map) => map = EmulatedTensorMap.Encode(description);

    public void Gemm(in GemmDescription description, in GemmOperands operands, DeviceStream stream)
    {
        Check(description, operands);
        if (description.M == 0 || description.N == 0) return;
        var request = new GemmRequest
        {
            M = description.M,
            N = description.N,
            K = description.K,
            Batch = Math.Max(description.Batch, 1),
            TypeA = description.TypeA.ToElementType(),
            TypeB = description.TypeB.ToElementType(),
            TypeC = description.TypeC.ToElementType(),
            TransposeA = description.TransposeA ? 1 : 0,
            TransposeB = description.TransposeB ? 1 : 0,
            TensorFloat32 = description.Precision == GemmPrecision.TensorFloat32 ? 1 : 0,
            LeadingA = description.LeadingA,
            LeadingB = description.LeadingB,
            LeadingC = description.LeadingC,
            BatchA = description.BatchStrideA,
            BatchB = description.BatchStrideB,
            BatchC = description.BatchStrideC,
            A = operands.A,
            B = operands.B,
            C = operands.C,
            Bias = description.Epilogue == GemmEpilogue.Bias ? operands.Bias : 0,
            Alpha = operands.Alpha,
            Beta = operands.Beta,
            ScaleA = operands.ScaleA,
            ScaleB = operands.ScaleB,
        };
        EmulationStatus.Check(EmulationApi.Gemm(stream.Handle, &request));
    }

    // There is one algorithm.
    public void TuneGemm(in GemmDescription description, DeviceStream stream)
    {
        if (stream.IsCapturing) throw new InvalidOperationException("products cannot be timed while the stream is captured");
    }

    private static void Check(in GemmDescription description, in GemmOperands operands)
    {
        if (description.M < 0 || description.N < 0 || description.K < 1 || description.Batch < 0)
            throw new ArgumentException($"no such product: {description}", nameof(description));
        if (description.TypeC is not (DType.Float32 or DType.Float16 or DType.BFloat16))
            throw new ArgumentException($"no such product: {description}", nameof(description));
        if (description.Epilogue == GemmEpilogue.Bias && operands.Bias == 0)
            throw new ArgumentException($"the bias of {description} has no address", nameof(operands));
    }
}
