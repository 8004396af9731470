using SglNative.Interop.Emulated;

namespace SglNative.Interop.Tests.Contract;

/// <summary>The emulated device with every memory access checked; what is right must pass there too.</summary>
public sealed class CheckedEmulatedFixture() : DeviceFixture(new EmulatedDeviceProvider(), checkMemory: true);

[CollectionDefinition("emulated, checked")]
public sealed class CheckedEmulatedCollection : ICollectionFixture<CheckedEmulatedFixture>;

[Collection("emulated, checked")]
public sealed class CheckedEmulatedMemoryTests(CheckedEmulatedFixture fixture) : MemoryContract(fixture);

[Collection("emulated, checked")]
public sealed class CheckedEmulatedLaunchTests(CheckedEmulatedFixture fixture) : LaunchContract(fixture);

[Collection("emulated, checked")]
public sealed class CheckedEmulatedGraphTests(CheckedEmulatedFixture fixture) : GraphContract(fixture);

[Collection("emulated, checked")]
public sealed class CheckedEmulatedHopperTests(CheckedEmulatedFixture fixture) : HopperContract(fixture);
