using SglNative.Interop.Cuda;

namespace SglNative.Interop.Tests.Contract;

public sealed class CudaFixture() : DeviceFixture(new CudaDeviceProvider());

[CollectionDefinition("cuda")]
public sealed class CudaCollection : ICollectionFixture<CudaFixture>;

[Collection("cuda")]
public sealed class CudaMemoryTests(CudaFixture fixture) : MemoryContract(fixture);

[Collection("cuda")]
public sealed class CudaStreamTests(CudaFixture fixture) : StreamContract(fixture);

[Collection("cuda")]
public sealed class CudaLaunchTests(CudaFixture fixture) : LaunchContract(fixture);

[Collection("cuda")]
public sealed class CudaGraphTests(CudaFixture fixture) : GraphContract(fixture);

[Collection("cuda")]
public sealed class CudaGemmTests(CudaFixture fixture) : GemmContract(fixture);

[Collection("cuda")]
public sealed class CudaAllocationTests(CudaFixture fixture) : AllocationContract(fixture);

[Collection("cuda")]
public sealed class CudaSeveralDevicesTests(CudaFixture fixture) : SeveralDevicesContract(fixture);

[Collection("cuda")]
public sealed class CudaHopperTests(CudaFixture fixture) : HopperContract(fixture);
