namespace SglNative.Tokenizers.ChatTemplates.Execution;

/// <summary>Evaluates an expression.</summary>
internal delegate object? Evaluator(Activation activation);

/// <summary>Runs a statement.</summary>
internal delegate Flow Executor(Activation activation);

/// <summary>How a statement ended.</summary>
internal enum Flow
{
    Next,
    Break,
    Continue,
}

/// <summary>A compiled macro or caller: its parameters and its body.</summary>
internal sealed class MacroCode
{
    public required string? Name { get; init; }
    public required string[] Parameters { get; init; }
    public required int[] ParameterSlots { get; init; }
    public required Evaluator?[] Defaults { get; init; }

    /// <summary>Slots of the special parameters; -1 where the body does not use them.</summary>
    public required int CallerSlot { get; init; }
    public required int KeywordsSlot { get; init; }
    public required int PositionalSlot { get; init; }

    public required bool AccessesCaller { get; init; }

    /// <summary>Known only when the whole body is compiled.</summary>
    public required Func<int> SlotCount { get; init; }
    public required Executor Enter { get; init; }
    public required Executor Body { get; init; }
}
