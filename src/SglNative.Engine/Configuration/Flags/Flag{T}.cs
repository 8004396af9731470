using System.Collections.Immutable;

namespace SglNative.Engine.Configuration.Flags;

/// <summary>A row of the flag table whose value is a <typeparamref name="T"/>.</summary>
/// <typeparam name="T">Type of the value.</typeparam>
public sealed record Flag<T> : Flag
{
    private readonly FlagFormat<T> _format;
    private Func<ServerArgs, T, ServerArgs>? _bind;
    private Func<T, bool>? _allowed;
    private string _allowedText = "";

    internal Flag(string name, FlagArity arity, string placeholder, T defaultValue, FlagFormat<T> format, string help)
        : base(name, arity, placeholder, help)
    {
        Default = defaultValue;
        _format = format;
    }

    /// <summary>The value where the flag is not given.</summary>
    public T Default { get; }

    /// <inheritdoc/>
    public override bool IsRead => _bind is not null || ReadByCommand;

    /// <inheritdoc/>
    public override string DefaultText => _format.Write(Default);

    private bool ReadByCommand { get; init; }

    /// <summary>Adds names that mean the same.</summary>
    public Flag<T> Alias(params string[] names) => this with { Aliases = [.. Aliases, .. names] };

    /// <summary>Allows no value but these.</summary>
    public Flag<T> OneOf(params string[] values) => this with { Choices = [.. values] };

    /// <summary>Allows only values that pass a test, described as "an integer from 1 to 9" would be.</summary>
    public Flag<T> Such(Func<T, bool> allowed, string description) => this with { _allowed = allowed, _allowedText = description };

    /// <summary>Names the value in the help.</summary>
    public Flag<T> Shown(string placeholder) => this with { Placeholder = placeholder };

    /// <summary>Says where the value goes, and thereby that the flag works where no rule says otherwise.</summary>
    public Flag<T> Sets(Func<ServerArgs, T, ServerArgs> bind) => this with { _bind = bind };

    /// <summary>Says that a command reads the value through <see cref="FlagValues.Get{T}"/>.</summary>
    public Flag<T> ForCommand() => this with { ReadByCommand = true };

    /// <summary>Marks a flag that SGLang does not have.</summary>
    public Flag<T> Own() => this with { IsOwn = true };

    /// <summary>Marks a flag that SGLang advises against.</summary>
    public Flag<T> Deprecated() => this with { IsDeprecated = true };

    /// <summary>Says that the flag works under a condition, before later rules are looked at.</summary>
    public Flag<T> Works(FlagCondition when) => Rule(FlagSupport.Works, when, "", "");

    /// <summary>Says that the flag changes nothing here, and why.</summary>
    public Flag<T> NoEffect(string reason) => NoEffect(FlagCondition.Always, reason);

    /// <summary>Says that the flag changes nothing under a condition, and why.</summary>
    public Flag<T> NoEffect(FlagCondition when, string reason) => Rule(FlagSupport.NoEffect, when, reason, "");

    /// <summary>Says what is missing for this flag to work, and the nearest that works.</summary>
    public Flag<T> NotYet(string missing, string nearest) => NotYet(FlagCondition.Always, missing, nearest);

    /// <summary>Says what is missing under a condition, and the nearest that works.</summary>
    public Flag<T> NotYet(FlagCondition when, string missing, string nearest) => Rule(FlagSupport.NotYet, when, missing, nearest);

    internal override object? Read(IReadOnlyList<string> words)
    {
        if (Choices.Length > 0)
            foreach (var word in words)
                if (!Choices.Contains(word, StringComparer.Ordinal))
                    throw new FormatException($"one of {string.Join(", ", Choices)}");
        var value = _format.Read(words);
        return _allowed is null || _allowed(value) ? value : throw new FormatException(_allowedText);
    }

    internal override bool IsDefault(object? value) => _format.Write((T)value!) == _format.Write(Default);

    internal override ServerArgs Apply(ServerArgs args, object? value) => _bind is null ? args : _bind(args, (T)value!);

    private Flag<T> Rule(FlagSupport support, FlagCondition when, string reason, string nearest) =>
        this with { Rules = [.. Rules, new FlagRule(support, when, reason, nearest)] };
}
