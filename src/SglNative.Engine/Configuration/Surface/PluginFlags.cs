using SglNative.Engine.Configuration.Flags;

namespace SglNative.Engine.Configuration.Surface;

/// <summary>Where models come from that are not built in.</summary>
public static class PluginFlags
{
    /// <summary>The rows, which commands other than <c>serve</c> share.</summary>
    public static FlagGroup Group { get; } = new("Plugins",
    [
        Flag.Text("--external-model-package", "Plugins to use in this run: package ids or assembly paths, separated by commas.")
            .Shown("ID_OR_PATH,...").Own().Sets((args, packages) => args with { ExternalModelPackage = packages }),
        Flag.Text("--plugin-dir", "Store of installed plugins that is looked through before the user's.")
            .Shown("DIR").Own().Sets((args, directory) => args with { PluginDir = directory }),
        Flag.Text("--plugin-project", "Folder of a plugin's project, which is built with debug information and loaded.")
            .Shown("DIR").Own().Sets((args, project) => args with { PluginProject = project }),
        Flag.Switch("--strict-plugins", "Stop when a plugin cannot be used, instead of warning.")
            .Own().Sets((args, on) => args with { StrictPlugins = on }),
    ]);
}
