namespace SglNative.Plugins.Discovery;

/// <summary>Which plugins a run uses.</summary>
public sealed record PluginOptions
{
    /// <summary>Packages named by <c>--external-model-package</c>: ids or assembly paths.</summary>
    public IReadOnlyList<string> ExternalPackages { get; init; } = [];

    /// <summary>A store that is looked through before the user's; null for none.</summary>
    public string? PluginDirectory { get; init; }

    /// <summary>Folder of a project that is built and loaded; null for none.</summary>
    public string? Project { get; init; }

    /// <summary>A plugin that cannot be used is an error, not a warning.</summary>
    public bool Strict { get; init; }

    /// <summary>Environment variables; the process's own unless a test says otherwise.</summary>
    public Func<string, string?> Environment { get; init; } = System.Environment.GetEnvironmentVariable;
}
