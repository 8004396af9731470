namespace SglNative.Engine.Configuration;

/// <summary>What <c>--model-impl</c> asks for.</summary>
public enum ModelImplementation
{
    /// <summary>The architecture's own class, or the generic decoder where there is none.</summary>
    Auto,

    /// <summary>The architecture's own class.</summary>
    Native,

    /// <summary>The generic decoder, even where the architecture has a class of its own.</summary>
    Generic,
}
