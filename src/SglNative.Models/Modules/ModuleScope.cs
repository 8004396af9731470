using SglNative.Core.Tensors;
using SglNative.Models.Caching;
using SglNative.Models.Weights;

namespace SglNative.Models.Modules;

/// <summary>A place in the module tree while a model is built: <c>scope["mlp"]["gate_proj"]</c>.</summary>
/// <param name="build">What the whole model shares.</param>
/// <param name="path">Dotted path of the module; empty for the root.</param>
/// <param name="dtype">The compute type of the modules here; null for the model's.</param>
public sealed class ModuleScope(ModelBuild build, string path, DType? dtype = null)
{
    /// <summary>What the whole model shares.</summary>
    public ModelBuild Build => build;

    /// <summary>Dotted path of the module; empty for the root.</summary>
    public string Path => path;

    /// <summary>The scope of a child.</summary>
    public ModuleScope this[string child] => new(build, Join(child), dtype);

    /// <summary>The scope of an entry of a list, such as <c>layers.3</c>.</summary>
    public ModuleScope this[int index] => this[index.ToString(System.Globalization.CultureInfo.InvariantCulture)];

    /// <summary>The compute type of the modules here: the model's, unless <see cref="In"/> has changed it.</summary>
    public DType DType => dtype ?? build.DType;

    /// <summary>The type in which values enter matrix multiplications here; see <see cref="ModelBuild.OperandDType"/>.</summary>
    public DType OperandDType => build.Backend.OperandDType(DType);

    /// <summary>The type in which weights are stored here.</summary>
    public DType WeightDType => build.Backend.WeightDType(DType);

    /// <summary>This place, where it and its children compute in <paramref name="other"/>.</summary>
    public ModuleScope In(DType other) => new(build, path, other);

    /// <summary>
    /// This place, computing in float16 where the model computes in bfloat16: as fast, and three bits finer. For modules whose inputs are
    /// bounded, such as what a norm returns, and whose results must not be off by a rounding of bfloat16. Weights of bfloat16 keep their
    /// values down to 2^-14, and below to a 2^-25th.
    /// </summary>
    public ModuleScope Finer() => DType == DType.BFloat16 ? In(DType.Float16) : this;

    /// <summary>Dotted path of a child.</summary>
    public string Join(string child) => path.Length == 0 ? child : $"{path}.{child}";

    /// <summary>Declares a whole parameter of this module, loaded from the checkpoint tensor of the same name.</summary>
    public Parameter Parameter(string name, Shape shape, ParameterInit init) =>
        Parameter(name, shape, WeightDType, init, [new WeightPart(Join(name), shape)]);

    /// <summary>Declares a parameter of this module that is made of the given parts.</summary>
    public Parameter Parameter(string name, Shape shape, DType dtype, ParameterInit init, IReadOnlyList<WeightPart> parts)
    {
        var parameter = new Parameter(Join(name), shape, dtype, init, parts);
        build.Declare(parameter);
        return parameter;
    }

    /// <summary>Declares what this layer remembers of earlier tokens; returns its cache layer id.</summary>
    public int Cache(CacheSpec spec) => build.Declare(spec);
}
