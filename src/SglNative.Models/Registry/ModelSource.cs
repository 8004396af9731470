namespace SglNative.Models.Registry;

/// <summary>How a model came into the registry. A later one overrides an earlier one of the same name.</summary>
public enum ModelSource
{
    /// <summary>It is part of this program.</summary>
    BuiltIn,
    /// <summary>Its package was installed with <c>sgl-native plugin install</c>.</summary>
    Installed,
    /// <summary>Its package was named for this run (environment variable or flag), or the application references it.</summary>
    ExternalPackage,
    /// <summary>The application registered it in code.</summary>
    Application,
}
