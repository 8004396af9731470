using SglNative.Core.Tensors;
using SglNative.Models.Caching;
using SglNative.Models.Weights;

namespace SglNative.Models.Modules;

/// <summary>A place in the module tree while a model is built: <c>scope["mlp"]["gate_proj"]</c>.</summary>
/// <param name="build">What the whole model shares.</param>
/// <param name="path">Dotted path of the module; empty for the root.</param>
public sealed class ModuleScope(ModelBuild build, string path)
{
    /// <summary>What the whole model shares.</summary>
    public ModelBuild Build => build;

    /// <summary>Dotted path of the module; empty for the root.</summary>
    public string Path => path;

    /// <summary>The scope of a child.</summary>
    public ModuleScope this[string child] => new(build, Join(child));

    /// <summary>The scope of an entry of a list, such as <c>layers.3</c>.</summary>
    public ModuleScope this[int index] => this[index.ToString(System.Globalization.CultureInfo.InvariantCulture)];

    /// <summary>Dotted path of a child.</summary>
    public string Join(string child) => path.Length == 0 ? child : $"{path}.{child}";

    /// <summary>Declares a whole parameter of this module, loaded from the checkpoint tensor of the same name.</summary>
    public Parameter Parameter(string name, Shape shape, ParameterInit init) =>
        Parameter(name, shape, build.Backend.WeightDType(build.DType), init, [new WeightPart(Join(name), shape)]);

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
