using SglNative.Core;
using SglNative.Core.Tensors;
using SglNative.Models.Operations.Custom;
using SglNative.Models.Operations.Expressions;

namespace SglNative.Models.Operations;

public abstract partial class Ops
{
    /// <summary>
    /// An expression of x, element by element, computed in float32 and rounded to x's type: <c>Map("x &gt; 0 ? sqrtf(x) : x", logits)</c>.
    /// See <see cref="MapExpression"/>. x [.., N] with rows that may have gaps → new tensor.
    /// </summary>
    /// <exception cref="SglException">The expression is wrong; the message points to the place.</exception>
    public Tensor Map(string expression, in Tensor x) => Map(expression, [x]);

    /// <summary>As <see cref="Map(string, in Tensor)"/>, of x and y in the same shape.</summary>
    /// <exception cref="SglException">The expression is wrong; the message points to the place.</exception>
    public Tensor Map(string expression, in Tensor x, in Tensor y) => Map(expression, [x, y]);

    /// <summary>As <see cref="Map(string, in Tensor)"/>, of x, y and z in the same shape.</summary>
    /// <exception cref="SglException">The expression is wrong; the message points to the place.</exception>
    public Tensor Map(string expression, in Tensor x, in Tensor y, in Tensor z) => Map(expression, [x, y, z]);

    /// <summary>As <see cref="Map(string, in Tensor)"/>, of up to four tensors in the same shape; the result has the first one's type.</summary>
    /// <exception cref="SglException">The expression is wrong; the message points to the place.</exception>
    public Tensor Map(string expression, ReadOnlySpan<Tensor> inputs)
    {
        var parsed = MapExpression.Parse(expression);
        if (inputs.Length < parsed.InputCount || inputs.Length > MapExpression.InputNames.Count)
            throw new SglException($"the expression '{expression}' reads {parsed.InputCount} input{(parsed.InputCount == 1 ? "" : "s")} and was given {inputs.Length}");
        var x = inputs[0];
        if (x.Rank is < 1 or > 3) throw new ArgumentException($"x has shape {x.Shape}, expected one to three dimensions", nameof(inputs));
        foreach (var input in inputs)
            if (input.Shape != x.Shape || !input.DType.IsCompute()) throw new ArgumentException($"Map('{expression}') was given {input} beside {x}, expected one shape and floating types", nameof(inputs));
        var output = Arena.Allocate(x.Shape, x.DType);
        if (output.Count > 0) MapInto(parsed, inputs, output);
        return output;
    }

    /// <summary>Runs an operation of one's own on contiguous tensors → new tensor of <paramref name="outputShape"/> and <paramref name="dtype"/>.</summary>
    /// <exception cref="SglException">Its kernel does not compile; the message holds the compiler's log.</exception>
    public Tensor Run(CustomOp op, ReadOnlySpan<Tensor> inputs, Shape outputShape, DType dtype, params ReadOnlySpan<KernelScalar> scalars)
    {
        ArgumentNullException.ThrowIfNull(op);
        for (var i = 0; i < inputs.Length; i++) CustomOp.ExpectContiguous(op, inputs[i], $"input {i}");
        var output = Arena.Allocate(outputShape, dtype);
        if (output.Count > 0) RunCustom(op, new CustomCall(inputs, output, scalars));
        return output;
    }

    /// <summary>Implements <see cref="Map(string, ReadOnlySpan{Tensor})"/>; inputs' rows may have gaps, output is contiguous.</summary>
    protected abstract void MapInto(MapExpression expression, ReadOnlySpan<Tensor> inputs, in Tensor output);

    /// <summary>Implements <see cref="Run"/>.</summary>
    protected abstract void RunCustom(CustomOp op, in CustomCall call);
}
