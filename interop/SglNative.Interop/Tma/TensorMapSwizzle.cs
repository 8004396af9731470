namespace SglNative.Interop.Tma;

/// <summary>How rows of a box are permuted in shared memory, so that reading columns meets no bank conflicts. Numbers as CUDA's.</summary>
public enum TensorMapSwizzle
{
    /// <summary>Not at all.</summary>
    None = 0,
    /// <summary>16-byte pieces within 32 bytes.</summary>
    Bytes32 = 1,
    /// <summary>16-byte pieces within 64 bytes.</summary>
    Bytes64 = 2,
    /// <summary>16-byte pieces within 128 bytes.</summary>
    Bytes128 = 3,
}
