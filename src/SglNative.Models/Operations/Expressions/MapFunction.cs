namespace SglNative.Models.Operations.Expressions;

/// <summary>What an expression can compute.</summary>
/// <param name="Code">The step of the host's program.</param>
/// <param name="Arity">Number of arguments.</param>
/// <param name="Cpp">In C++, arguments as {0}, {1}, {2}.</param>
internal sealed record MapFunction(MapCode Code, int Arity, string Cpp)
{
    /// <summary>Functions by the name C gives them; the f at the end may be left out.</summary>
    public static readonly IReadOnlyDictionary<string, MapFunction> ByName = new Dictionary<string, MapFunction>(StringComparer.Ordinal)
    {
        ["sqrt"] = new(MapCode.Sqrt, 1, "sqrtf({0})"),
        ["rsqrt"] = new(MapCode.Rsqrt, 1, "(1.0f / sqrtf({0}))"),
        ["exp"] = new(MapCode.Exp, 1, "expf({0})"),
        ["log"] = new(MapCode.Log, 1, "logf({0})"),
        ["log2"] = new(MapCode.Log2, 1, "log2f({0})"),
        ["tanh"] = new(MapCode.Tanh, 1, "tanhf({0})"),
        ["erf"] = new(MapCode.Erf, 1, "erff({0})"),
        ["sin"] = new(MapCode.Sin, 1, "sinf({0})"),
        ["cos"] = new(MapCode.Cos, 1, "cosf({0})"),
        ["fabs"] = new(MapCode.Abs, 1, "fabsf({0})"),
        ["abs"] = new(MapCode.Abs, 1, "fabsf({0})"),
        ["floor"] = new(MapCode.Floor, 1, "floorf({0})"),
        ["ceil"] = new(MapCode.Ceiling, 1, "ceilf({0})"),
        ["rint"] = new(MapCode.Rint, 1, "rintf({0})"),
        ["sigmoid"] = new(MapCode.Sigmoid, 1, "(1.0f / (1.0f + expf(-{0})))"),
        ["pow"] = new(MapCode.Power, 2, "powf({0}, {1})"),
        ["fmin"] = new(MapCode.Min, 2, "fminf({0}, {1})"),
        ["min"] = new(MapCode.Min, 2, "fminf({0}, {1})"),
        ["fmax"] = new(MapCode.Max, 2, "fmaxf({0}, {1})"),
        ["max"] = new(MapCode.Max, 2, "fmaxf({0}, {1})"),
    };

    public static readonly MapFunction Add = new(MapCode.Add, 2, "({0} + {1})"), Subtract = new(MapCode.Subtract, 2, "({0} - {1})"),
        Multiply = new(MapCode.Multiply, 2, "({0} * {1})"), Divide = new(MapCode.Divide, 2, "({0} / {1})"), Negate = new(MapCode.Negate, 1, "(-{0})"),
        Less = new(MapCode.Less, 2, "({0} < {1} ? 1.0f : 0.0f)"), LessOrEqual = new(MapCode.LessOrEqual, 2, "({0} <= {1} ? 1.0f : 0.0f)"),
        Equal = new(MapCode.Equal, 2, "({0} == {1} ? 1.0f : 0.0f)"), NotEqual = new(MapCode.NotEqual, 2, "({0} != {1} ? 1.0f : 0.0f)"),
        And = new(MapCode.And, 2, "({0} != 0.0f && {1} != 0.0f ? 1.0f : 0.0f)"), Or = new(MapCode.Or, 2, "({0} != 0.0f || {1} != 0.0f ? 1.0f : 0.0f)"),
        Not = new(MapCode.Not, 1, "({0} == 0.0f ? 1.0f : 0.0f)"), Select = new(MapCode.Select, 3, "({0} != 0.0f ? {1} : {2})");
}

/// <summary>A step of the host's program.</summary>
public enum MapCode
{
#pragma warning disable CS1591 // they are what they are called
    Number, Input, Add, Subtract, Multiply, Divide, Negate, Less, LessOrEqual, Equal, NotEqual, And, Or, Not, Select,
    Sqrt, Rsqrt, Exp, Log, Log2, Tanh, Erf, Sin, Cos, Abs, Floor, Ceiling, Rint, Sigmoid, Power, Min, Max,
#pragma warning restore CS1591
}
