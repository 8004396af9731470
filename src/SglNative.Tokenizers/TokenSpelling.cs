namespace SglNative.Tokenizers;

/// <summary>How a vocabulary spells what its tokens stand for.</summary>
internal enum TokenSpelling
{
    /// <summary>As it is.</summary>
    Plain,

    /// <summary>Each byte as a printable character.</summary>
    ByteLevel,

    /// <summary>▁ for a space, &lt;0xHH&gt; for a byte.</summary>
    Metaspace,
}
