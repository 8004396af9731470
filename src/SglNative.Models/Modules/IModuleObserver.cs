using SglNative.Core.Tensors;

namespace SglNative.Models.Modules;

/// <summary>Sees what each module returns, for dumps and for finding the first layer that goes wrong. Never set while serving.</summary>
public interface IModuleObserver
{
    /// <summary>Module <paramref name="name"/> returned <paramref name="output"/>, which is valid during the call only.</summary>
    void OnOutput(string name, in Tensor output);
}
