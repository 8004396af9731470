namespace SglNative.Engine.Configuration.Flags;

/// <summary>A flag as it was given, together with what a rule may look at to judge it.</summary>
/// <param name="Given">The flag and its value.</param>
/// <param name="Values">Everything that was given.</param>
/// <param name="Device">The device the engine will run on.</param>
public readonly record struct FlagUse(GivenFlag Given, FlagValues Values, DeviceKind Device);
