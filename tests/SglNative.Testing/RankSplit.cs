using System.Text.Json;

namespace SglNative.Testing;

/// <summary>Which checkpoints can be split over ranks.</summary>
public static class RankSplit
{
    // What must divide, in the order in which a model's layers ask for it.
    private static readonly string[] Heads = ["linear_num_key_heads", "num_attention_heads"];

    /// <summary>What is said of the checkpoint in <paramref name="folder"/> whose heads do not divide by <paramref name="size"/>; null where they do.</summary>
    public static string? Refusal(string folder, int size)
    {
        using var config = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "config.json")));
        foreach (var name in Heads)
            if (config.RootElement.TryGetProperty(name, out var value) && value.GetInt32() is var heads && heads % size != 0)
                return $"{name} is {heads}, which does not divide by the tensor-parallel size {size}: give a --tensor-parallel-size that divides it";
        return null;
    }
}
