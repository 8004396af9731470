using SglNative.Engine.Configuration;
using SglNative.Testing;

namespace SglNative.Engine.Tests.Goldens;

/// <summary>A checkpoint whose logits are compared with a reference's.</summary>
/// <param name="Id">What <c>ONLY_RUN</c> may name: that of a folder in tests/goldens, unless <paramref name="Folder"/> says otherwise.</param>
/// <param name="DTypes">Compute types to run it in.</param>
/// <param name="MedianRms">16-bit types: bound of RMS/std at the median position.</param>
/// <param name="WorstRms">16-bit types: bound of RMS/std at every position but those that a near-tie of a router explains.</param>
/// <param name="ShortChunks">Whether to run it in chunks that are shorter than a convolution, too.</param>
/// <param name="Folder">Its folder; null for the one in tests/goldens.</param>
public sealed record GenerationModel(
    string Id, IReadOnlyList<DTypeChoice> DTypes, double MedianRms = 0.02, double WorstRms = 0.05, bool ShortChunks = false, string? Folder = null)
{
    // Pages and chunks: whole prompts, and pieces that fit neither pages nor tiles nor windows.
    private static readonly (int PageSize, int Chunk)[] Usual = [(1, -1), (16, 128), (64, 37)];

    /// <summary>The page and chunk sizes that must give the reference in float32.</summary>
    public IEnumerable<(int PageSize, int Chunk)> Layouts => ShortChunks ? Usual.Append((16, 2)) : Usual;

    /// <summary>config.json and weights.</summary>
    public string Directory => Folder ?? TestFiles.Golden(Id);

    /// <summary>What to compare with; see scripts/reference_hf.py.</summary>
    public string Reference => Path.Combine(Directory, "golden.safetensors");
}
