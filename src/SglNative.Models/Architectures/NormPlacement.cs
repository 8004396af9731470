namespace SglNative.Models.Architectures;

/// <summary>Where a decoder layer normalises, x being attention or MLP.</summary>
public enum NormPlacement
{
    /// <summary>residual + x(norm(residual)).</summary>
    Before,
    /// <summary>residual + norm(x(residual)) (OLMo 2).</summary>
    After,
    /// <summary>residual + norm(x(norm(residual))) (Gemma 2).</summary>
    Around,
}
