using System.Globalization;

namespace SglNative.Models.Operations.Expressions;

/// <summary>A part of an expression.</summary>
internal abstract record MapNode
{
    /// <summary>In C++, as a float.</summary>
    public abstract string Cpp { get; }

    /// <summary>Inputs it reads: one more than the last.</summary>
    public abstract int InputCount { get; }

    public sealed record Number(float Value) : MapNode
    {
        public override string Cpp => float.IsPositiveInfinity(Value) ? "__int_as_float(0x7f800000)" : string.Create(CultureInfo.InvariantCulture, $"{Value:E8}f");

        public override int InputCount => 0;
    }

    public sealed record Input(int Index) : MapNode
    {
        public override string Cpp => MapExpression.InputNames[Index];

        public override int InputCount => Index + 1;
    }

    public sealed record Call(MapFunction Function, IReadOnlyList<MapNode> Arguments) : MapNode
    {
        public override string Cpp => string.Format(CultureInfo.InvariantCulture, Function.Cpp, [.. Arguments.Select(argument => argument.Cpp)]);

        public override int InputCount => Arguments.Max(argument => argument.InputCount);
    }
}
