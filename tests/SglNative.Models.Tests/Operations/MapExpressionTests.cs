using SglNative.Core;
using SglNative.Models.Operations.Expressions;

namespace SglNative.Models.Tests.Operations;

public class MapExpressionTests
{
    [Theory]
    [InlineData("x > 0 ? sqrtf(x) : x", 9f, 0f, 3f)]
    [InlineData("x > 0 ? sqrtf(x) : x", -9f, 0f, -9f)]
    [InlineData("x - y - 1", 10f, 3f, 6f)]
    [InlineData("x / y / 2", 12f, 3f, 2f)]
    [InlineData("x + y * 2", 1f, 3f, 7f)]
    [InlineData("(x + y) * 2.5e-1f", 1f, 3f, 1f)]
    [InlineData("-x * -y", 2f, 3f, 6f)]
    [InlineData("!x + !y", 0f, 3f, 1f)]
    [InlineData("x < y && y < 5 || x == 7", 1f, 3f, 1f)]
    [InlineData("x < y && y < 5 || x == 7", 7f, 3f, 1f)]
    [InlineData("x < y && y < 5 || x == 7", 6f, 3f, 0f)]
    [InlineData("x ? y ? 1 : 2 : 3", 1f, 0f, 2f)]
    [InlineData("x >= y", 3f, 3f, 1f)]
    [InlineData("x != y", 3f, 3f, 0f)]
    [InlineData("fmax(x, fminf(y, 2))", 1f, 3f, 2f)]
    [InlineData("fmin(x, y)", float.NaN, 3f, 3f)]
    [InlineData("rint(x)", 2.5f, 0f, 2f)]
    [InlineData("x < inf ? 1 : 0", 3e38f, 0f, 1f)]
    [InlineData("erf(x)", 0.5f, 0f, 0.520499878f)]
    [InlineData("erf(x)", 1.999f, 0f, 0.995301556f)]
    [InlineData("erff(x)", -2.5f, 0f, -0.999593048f)]
    [InlineData("erf(x)", float.PositiveInfinity, 0f, 1f)]
    [InlineData("pow(x, y)", 2f, 10f, 1024f)]
    [InlineData(" x\n+\ty ", 1f, 2f, 3f)]
    public void It_is_computed_as_in_C(string text, float x, float y, float expected)
    {
        var program = MapExpression.Parse(text).Program;
        // A block of three, of which the middle one counts: neighbours must not leak.
        float[] inputs = [5, x, 5, 6, y, 6];
        var stack = new float[program.StackSize * 3];
        program.Run(inputs, stack, 3);
        Assert.Equal(expected, stack[1]);
    }

    [Theory]
    [InlineData("x +", 4, "a value")]
    [InlineData("x ? 1", 6, "':'")]
    [InlineData("sqrtf(x", 8, "')' or ','")]
    [InlineData("q + 1", 1, "one of the inputs x, y, z, w, found 'q'")]
    [InlineData("sinh(x)", 1, "a function, found 'sinh'")]
    [InlineData("pow(x)", 1, "2 arguments for pow, found 1")]
    [InlineData("x ; y", 3, "an operator")]
    [InlineData("x + 1e99", 5, "a number that float32 holds")]
    [InlineData("x = y", 3, "an operator")]
    [InlineData("system(x)", 1, "a function")]
    public void A_mistake_is_pointed_at(string text, int character, string expected)
    {
        var error = Assert.Throws<SglException>(() => MapExpression.Parse(text));
        Assert.StartsWith($"the expression '{text}' is wrong at character {character}: expected {expected}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_reads_nothing_or_nests_without_end_is_refused()
    {
        Assert.Contains("reads no input", Assert.Throws<SglException>(() => MapExpression.Parse("1 + 2")).Message, StringComparison.Ordinal);
        Assert.Contains("nested", Assert.Throws<SglException>(() => MapExpression.Parse(new string('(', 10000) + "x")).Message, StringComparison.Ordinal);
        Assert.Contains("nested", Assert.Throws<SglException>(() => MapExpression.Parse(new string('-', 10000) + "x")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Its_C_holds_nothing_but_what_was_parsed()
    {
        var expression = MapExpression.Parse("x > 0 ? sqrt(x) : -x * 0.5");
        Assert.Equal("((0.0f < x ? 1.0f : 0.0f) != 0.0f ? sqrtf(x) : ((-x) * 5.00000000E-001f))", expression.Cpp.Replace("0.00000000E+000f", "0.0f", StringComparison.Ordinal));
        Assert.Equal(1, expression.InputCount);
        Assert.Same(expression, MapExpression.Parse("x > 0 ? sqrt(x) : -x * 0.5"));
    }
}
