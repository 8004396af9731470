namespace SglNative.Interop.Cuda.Libraries;

/// <summary>The native libraries that the provider uses. None is linked; each is looked for when first needed.</summary>
internal enum CudaLibrary
{
    /// <summary>The driver.</summary>
    Driver,
    /// <summary>The run-time compiler.</summary>
    Nvrtc,
    /// <summary>Matrix products.</summary>
    CublasLt,
    /// <summary>The older interface to matrix products, for bindings that know no other.</summary>
    Cublas,
    /// <summary>Collectives.</summary>
    Nccl,
}
