using SglNative.Interop.Emulated;

namespace SglNative.Interop.Tests.Contract;

/// <summary>The emulated device as programs use it by default.</summary>
public sealed class EmulatedFixture() : DeviceFixture(new EmulatedDeviceProvider());

[CollectionDefinition("emulated")]
public sealed class EmulatedCollection : ICollectionFixture<EmulatedFixture>;

[Collection("emulated")]
public sealed class EmulatedMemoryTests(EmulatedFixture fixture) : MemoryContract(fixture);

[Collection("emulated")]
public sealed class EmulatedStreamTests(EmulatedFixture fixture) : StreamContract(fixture);

[Collection("emulated")]
public sealed class EmulatedLaunchTests(EmulatedFixture fixture) : LaunchContract(fixture);

[Collection("emulated")]
public sealed class EmulatedGraphTests(EmulatedFixture fixture) : GraphContract(fixture);

[Collection("emulated")]
public sealed class EmulatedGemmTests(EmulatedFixture fixture) : GemmContract(fixture);

[Collection("emulated")]
public sealed class EmulatedAllocationTests(EmulatedFixture fixture) : AllocationContract(fixture);

[Collection("emulated")]
public sealed class EmulatedSeveralDevicesTests(EmulatedFixture fixture) : SeveralDevicesContract(fixture);

[Collection("emulated")]
public sealed class EmulatedHopperTests(EmulatedFixture fixture) : HopperContract(fixture);
