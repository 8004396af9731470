using SglNative.Core.Tensors;
using SglNative.Models.Operations;

namespace SglNative.Models.Modules;

/// <summary>A part of a model that has a name in the module tree. Its parameters are declared in its constructor.</summary>
public abstract class Module
{
    private readonly ModelBuild _build;

    /// <summary>Takes its place in the tree.</summary>
    protected Module(ModuleScope scope)
    {
        _build = scope.Build;
        Name = scope.Path;
        Ops = scope.Build.Backend.Ops;
    }

    /// <summary>Dotted path in the module tree.</summary>
    public string Name { get; }

    /// <summary>The operations of the backend that the model runs on.</summary>
    protected Ops Ops { get; }

    /// <summary>Passes a result on to whoever observes; a layer's Forward returns through it.</summary>
    protected Tensor Output(in Tensor output)
    {
        _build.Observer?.OnOutput(Name, output);
        return output;
    }

    /// <summary>Passes a named intermediate value on to whoever observes.</summary>
    protected void Observe(string name, in Tensor value) => _build.Observer?.OnOutput($"{Name}.{name}", value);

    /// <summary>True while somebody observes: values that only observers need are computed then.</summary>
    protected bool IsObserved => _build.Observer is not null;
}
