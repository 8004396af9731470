namespace SglNative.Interop.Collectives;

/// <summary>How values of several ranks become one.</summary>
public enum ReduceOperation
{
    /// <summary>Sum.</summary>
    Sum,
    /// <summary>Product.</summary>
    Product,
    /// <summary>Largest.</summary>
    Max,
    /// <summary>Smallest.</summary>
    Min,
    /// <summary>Mean.</summary>
    Average,
}
