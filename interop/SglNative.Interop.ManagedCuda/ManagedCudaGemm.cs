using System.Globalization;
using ManagedCuda.BasicTypes;
using ManagedCuda.CudaBlas;
using SglNative.Core.Tensors;
using SglNative.Interop.Gemm;
using SglNative.Interop.Kernels;
using static SglNative.Interop.ManagedCuda.ManagedCudaCall;

namespace SglNative.Interop.ManagedCuda;

/// <summary>
/// Matrix products through cublasGemmEx, which is column-major: our row-major C = A·B is its Cᵀ = Bᵀ·Aᵀ. It adds no bias: the product
/// goes to float32 scratch memory, and a small kernel adds the bias and rounds once.
/// </summary>
internal sealed unsafe class ManagedCudaGemm : IDisposable
{
    private readonly ManagedCudaDevice _device;
    private readonly Lock _gate = new();
    private readonly Dictionary<DType, DeviceFunction> _biases = [];
    private readonly List<DeviceModule> _modules = [];
    private CudaBlasHandle _library;

    public ManagedCudaGemm(ManagedCudaDevice device)
    {
        Cuda.Libraries.CudaLibraries.Require(Cuda.Libraries.CudaLibrary.Cublas, device.Options.LibraryFolders, device.Capabilities.DriverVersion.Major);
        _device = device;
        device.Context.MakeCurrent();
        Check(CudaBlasNativeMethods.cublasCreate_v2(ref _library), "cublasCreate");
        // Partial sums of a split product are otherwise kept in the type of C.
        Check(CudaBlasNativeMethods.cublasSetMathMode(_library, global::ManagedCuda.CudaBlas.Math.DisallowReducedPrecisionReduction), "cublasSetMathMode");
    }

    /// <summary>Name and version of the loaded library.</summary>
    public static string LibraryIdentity()
    {
        // The version is the library's, whatever the handle.
        var version = 0;
        return CudaBlasNativeMethods.cublasGetVersion_v2(default, ref version) == CublasStatus.Success
            ? string.Create(CultureInfo.InvariantCulture, $"cuBLAS {version / 10000}.{version / 100 % 100}.{version % 100}")
            : "cuBLAS";
    }

    public void Run(in GemmDescription description, in GemmOperands operands, ManagedCudaStream stream)
    {
        if (description.M < 0 || description.N < 0 || description.K < 1 || description.Batch < 0)
            throw new ArgumentException($"no such product: {description}", nameof(description));
        if (description.Epilogue == GemmEpilogue.Bias && operands.Bias == 0)
            throw new ArgumentException($"the bias of {description} has no address", nameof(operands));
        if (operands.ScaleA != 0 || operands.ScaleB != 0) throw new ArgumentException("cublasGemmEx takes no scales of operands", nameof(operands));
        if (description.M == 0 || description.N == 0) return;
        _device.Context.MakeCurrent();
        var workspace = stream.GemmWorkspace;
        float alpha = operands.Alpha, beta = operands.Beta;
        var bias = description.Epilogue == GemmEpilogue.Bias;
        lock (_gate)
        {
            Check(CudaBlasNativeMethods.cublasSetStream_v2(_library, stream.Native), "cublasSetStream");
            // A change of stream takes the workspace away.
            if (workspace != 0) Check(CudaBlasNativeMethods.cublasSetWorkspace_v2(_library, At(workspace), _device.Options.GemmWorkspace), "cublasSetWorkspace");
            if (bias)
            {
                beta = 0;
                var product = description with { TypeC = DType.Float32, LeadingC = description.N, BatchStrideC = (long)description.M * description.N };
                var sums = stream.GemmSums(sizeof(float) * product.BatchStrideC * System.Math.Max(description.Batch, 1));
                Check(Multiply(product, operands with { C = sums }, &alpha, &beta), "cublasGemmEx");
                AddBias(description, operands, sums, stream);
            }
            else
            {
                Check(Multiply(description, operands, &alpha, &beta), "cublasGemmEx");
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            foreach (var module in _modules) module.Dispose();
            _modules.Clear();
            _biases.Clear();
            _device.Context.MakeCurrent();
            _ = CudaBlasNativeMethods.cublasDestroy_v2(_library);
        }
    }

    private CublasStatus Multiply(in GemmDescription d, in GemmOperands operands, float* alpha, float* beta)
    {
        var (transposeB, transposeA) = (d.TransposeB ? Operation.Transpose : Operation.NonTranspose, d.TransposeA ? Operation.Transpose : Operation.NonTranspose);
        var compute = d is { TypeA: DType.Float32, Precision: GemmPrecision.TensorFloat32 } ? ComputeType.Compute32FFastTF32 : ComputeType.Compute32F;
        int lda = checked((int)d.LeadingA), ldb = checked((int)d.LeadingB), ldc = checked((int)d.LeadingC);
        return d.Batch <= 1
            ? CudaBlasNativeMethods.cublasGemmEx(_library, transposeB, transposeA, d.N, d.M, d.K, (nint)alpha, At(operands.B), Type(d.TypeB), ldb,
                At(operands.A), Type(d.TypeA), lda, (nint)beta, At(operands.C), Type(d.TypeC), ldc, compute, GemmAlgo.Default)
            : CudaBlasNativeMethods.cublasGemmStridedBatchedEx(_library, transposeB, transposeA, d.N, d.M, d.K, At((nint)alpha),
                At(operands.B), Type(d.TypeB), ldb, d.BatchStrideB, At(operands.A), Type(d.TypeA), lda, d.BatchStrideA, At((nint)beta),
                At(operands.C), Type(d.TypeC), ldc, d.BatchStrideC, d.Batch, compute, GemmAlgo.Default);
    }

    private void AddBias(in GemmDescription d, in GemmOperands operands, nint sums, ManagedCudaStream stream)
    {
        if (!_biases.TryGetValue(d.TypeC, out var kernel))
        {
            var module = _device.LoadModule(_device.CompileKernel(BiasKernel.Source(d.TypeC)));
            _modules.Add(module);
            _biases[d.TypeC] = kernel = module.GetFunction(BiasKernel.Name);
        }
        var arguments = new BiasKernel.Arguments
        {
            C = operands.C, Sums = sums, Bias = operands.Bias, Leading = d.LeadingC, BatchStride = d.BatchStrideC, Rows = d.M, Columns = d.N, Beta = operands.Beta,
        };
        var grid = new Dim3((d.N + BiasKernel.Threads - 1) / BiasKernel.Threads, System.Math.Min(d.M, BiasKernel.MostRows), System.Math.Max(d.Batch, 1));
        _device.Launch(kernel, new LaunchConfig(stream, grid, BiasKernel.Threads), arguments);
    }

    private static cudaDataType Type(DType type) => type switch
    {
        DType.Float32 => cudaDataType.CUDA_R_32F,
        DType.Float16 => cudaDataType.CUDA_R_16F,
        DType.BFloat16 => cudaDataType.CUDA_R_16BF,
        _ => throw new ArgumentException($"cublasGemmEx has no product of {type.TorchName()}", nameof(type)),
    };
}
