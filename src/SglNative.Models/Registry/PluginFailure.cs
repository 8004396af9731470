namespace SglNative.Models.Registry;

/// <summary>A plugin whose models cannot be used.</summary>
/// <param name="Plugin">Its name and version, or its path.</param>
/// <param name="Cause">Why, as one line.</param>
/// <param name="Architectures">The names it would have brought, as far as they could be read.</param>
public sealed record PluginFailure(string Plugin, string Cause, IReadOnlyList<string> Architectures);
