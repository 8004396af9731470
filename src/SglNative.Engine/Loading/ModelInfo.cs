using SglNative.Core.Tensors;
using SglNative.Models.Registry;

namespace SglNative.Engine.Loading;

/// <summary>What is known of the model that an engine serves.</summary>
public sealed record ModelInfo
{
    /// <summary>As it was asked for: a folder, a Hub id, or <c>demo</c>.</summary>
    public required string ModelPath { get; init; }

    /// <summary>The folder it was loaded from.</summary>
    public required string Directory { get; init; }

    /// <summary>The class that serves it.</summary>
    public required string ClassName { get; init; }

    /// <summary>The package that class comes from.</summary>
    public required string Package { get; init; }

    /// <summary>That class and package with its version, as in messages: <c>LlamaWrapper (MyPlugin 1.0.0)</c>.</summary>
    public required string Owner { get; init; }

    /// <summary>How it came into the registry.</summary>
    public required ModelSource Source { get; init; }

    /// <summary>The architecture of <c>config.json</c> that was matched.</summary>
    public required string Architecture { get; init; }

    /// <summary>The device's one-line description.</summary>
    public required string Device { get; init; }

    /// <summary>The compute type.</summary>
    public required DType DType { get; init; }

    /// <summary>The longest sequence, prompt and output together.</summary>
    public required int ContextLength { get; init; }

    /// <summary>Tokens of the vocabulary.</summary>
    public required int VocabSize { get; init; }

    /// <summary>The chat template that the model's class brings; null where it brings none.</summary>
    public string? ChatTemplate { get; init; }

    /// <summary>Bytes of the weights on the device.</summary>
    public required long WeightBytes { get; init; }

    /// <summary>Tokens that the KV pool holds.</summary>
    public required int MaxTotalTokens { get; init; }

    /// <summary>Sequences whose recurrent and convolution states are kept at once; 0 for models that have none.</summary>
    public int MaxStates { get; init; }

    /// <summary>Tokens in a KV page.</summary>
    public required int PageSize { get; init; }

    /// <summary>What somebody who runs the model should know, one line each.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}
