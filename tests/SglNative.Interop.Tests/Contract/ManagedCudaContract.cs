#if MANAGED_CUDA
using SglNative.Core;
using SglNative.Interop.ManagedCuda;

namespace SglNative.Interop.Tests.Contract;

public sealed class ManagedCudaFixture() : DeviceFixture(new ManagedCudaDeviceProvider());

[CollectionDefinition("managed cuda")]
public sealed class ManagedCudaCollection : ICollectionFixture<ManagedCudaFixture>;

[Collection("managed cuda")]
public sealed class ManagedCudaMemoryTests(ManagedCudaFixture fixture) : MemoryContract(fixture);

[Collection("managed cuda")]
public sealed class ManagedCudaStreamTests(ManagedCudaFixture fixture) : StreamContract(fixture);

[Collection("managed cuda")]
public sealed class ManagedCudaLaunchTests(ManagedCudaFixture fixture) : LaunchContract(fixture);

[Collection("managed cuda")]
public sealed class ManagedCudaGraphTests(ManagedCudaFixture fixture) : GraphContract(fixture);

[Collection("managed cuda")]
public sealed class ManagedCudaGemmTests(ManagedCudaFixture fixture) : GemmContract(fixture);

[Collection("managed cuda")]
public sealed class ManagedCudaAllocationTests(ManagedCudaFixture fixture) : AllocationContract(fixture)
{
    // The packages box each launch attribute to marshal it.
    protected override long BytesPerLaunch => 88;
}

[Collection("managed cuda")]
public sealed class ManagedCudaHopperTests(ManagedCudaFixture fixture) : HopperContract(fixture);

[Collection("managed cuda")]
public sealed class ManagedCudaCollectivesTests(ManagedCudaFixture fixture)
{
    [Fact]
    public void Collectives_are_refused_in_one_line()
    {
        Assert.False(fixture.Device.Capabilities.SupportsCollectives);
        Assert.Contains("CudaBindings", Assert.Throws<SglException>(() => fixture.Device.CreateCommunicatorId()).Message, StringComparison.Ordinal);
        Assert.Throws<SglException>(() => fixture.Device.JoinCommunicator(default, 0, 1));
    }
}
#endif
