using SglNative.Core.Tensors;

namespace SglNative.Cpu.Operations;

/// <summary>What the backend asks of its operations besides the vocabulary, whatever vectors they were instantiated for.</summary>
internal interface ICpuOps
{
    void FillNormal(in Tensor tensor, float std, ulong seed);

    void Fill(in Tensor tensor, float value);

    /// <summary>Frees memory held between calls.</summary>
    void Release();
}
