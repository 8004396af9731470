using SglNative.Engine.Configuration;
using SglNative.Testing;

namespace SglNative.Engine.Tests.Goldens;

/// <summary>A checkpoint whose logits are compared with a reference's.</summary>
/// <param name="Id">What <c>ONLY_RUN</c> may name: that of a folder in tests/goldens, unless <paramref name="Folder"/> says otherwise.</param>
/// <param name="DTypes">Compute types to run it in.</param>
/// <param name="MedianRms">16-bit types: bound of RMS/std at the median position.</param>
/// <param name="WorstRms">16-bit types: bound of RMS/std at every position but those that a near-tie of a router explains.</param>
/// <param name="Folder">Its folder; null for the one in tests/goldens.</param>
public sealed record GenerationModel(
    string Id, IReadOnlyList<DTypeChoice> DTypes, double MedianRms = 0.02, double WorstRms = 0.05, string? Folder = null)
{
    /// <summary>config.json and weights.</summary>
    public string Directory => Folder ?? TestFiles.Golden(Id);

    /// <summary>What to compare with; see scripts/reference_hf.py.</summary>
    public string Reference => Path.Combine(Directory, "golden.safetensors");
}
