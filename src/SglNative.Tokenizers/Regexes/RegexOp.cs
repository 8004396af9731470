namespace SglNative.Tokenizers.Regexes;

internal enum RegexOp : byte
{
    /// <summary>Consume one code point of Set.</summary>
    One,

    /// <summary>Consume X to Y (-1: any number) code points of Set, most first, giving back one by one.</summary>
    Run,

    /// <summary>The same, giving nothing back.</summary>
    PossessiveRun,

    /// <summary>Try X, then Y.</summary>
    Split,

    Jump,

    /// <summary>X is an <see cref="AnchorKind"/>.</summary>
    Anchor,

    /// <summary>Match the body at the next instruction without consuming, Back code points earlier; go on at Y.</summary>
    Look,

    /// <summary>As Look, but the body must not match.</summary>
    NotLook,

    /// <summary>Match the body at the next instruction once and for all; go on at Y.</summary>
    Atomic,

    Match,
}
