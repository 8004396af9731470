namespace SglNative.Interop.Cuda.Native;

/// <summary>CUlaunchAttributeID.</summary>
internal enum CudaLaunchAttributeId
{
    Cooperative = 2,
    ClusterDimension = 4,
    ProgrammaticStreamSerialization = 6,
}

/// <summary>CUstreamCaptureMode.</summary>
internal enum CudaCaptureMode
{
    Relaxed = 2,
}

/// <summary>CUfunction_attribute.</summary>
internal enum CudaFunctionAttribute
{
    MaxThreadsPerBlock = 0,
    SharedSizeBytes = 1,
    ConstSizeBytes = 2,
    LocalSizeBytes = 3,
    NumRegs = 4,
    MaxDynamicSharedSizeBytes = 8,
    PreferredSharedMemoryCarveout = 9,
    NonPortableClusterSizeAllowed = 14,
}

/// <summary>CUdevice_attribute.</summary>
internal enum CudaDeviceAttribute
{
    MaxThreadsPerBlock = 1,
    MaxSharedMemoryPerBlock = 8,
    WarpSize = 10,
    MultiprocessorCount = 16,
    Integrated = 18,
    ComputeMode = 20,
    MemoryClockRate = 36,
    GlobalMemoryBusWidth = 37,
    L2CacheSize = 38,
    MaxThreadsPerMultiprocessor = 39,
    ComputeCapabilityMajor = 75,
    ComputeCapabilityMinor = 76,
    MaxSharedMemoryPerMultiprocessor = 81,
    MaxRegistersPerMultiprocessor = 82,
    CooperativeLaunch = 95,
    MaxSharedMemoryPerBlockOptIn = 97,
    VirtualMemoryManagementSupported = 102,
    ClusterLaunch = 120,
    TensorMapAccessSupported = 127,
}

/// <summary>CUjit_option.</summary>
internal enum CudaJitOption
{
    ErrorLogBuffer = 5,
    ErrorLogBufferSizeBytes = 6,
}
