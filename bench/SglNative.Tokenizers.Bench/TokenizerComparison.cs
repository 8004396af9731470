namespace SglNative.Tokenizers.Bench;

/// <summary>Loads a tokenizer and encodes a text twice, ours and the reference's in turn: once with empty caches, once with full ones.</summary>
internal static class TokenizerComparison
{
    private const int WarmUp = 3;

    public static IReadOnlyList<string> Names { get; } = ["llama3", "qwen3", "gemma3", "phi-3"];

    public static void Run(string root, string name, string text, int rounds, ReferenceProcess reference)
    {
        var path = Path.Combine(root, name, "tokenizer.json");
        if (!File.Exists(path))
        {
            Console.WriteLine($"{name,-12} is not in {root}");
            return;
        }
        reference.Ask(new() { ["text"] = text });
        var (load, first, again) = (new Samples(), new Samples(), new Samples());
        for (var round = -WarmUp; round < rounds; round++)
        {
            HfTokenizer? tokenizer = null;
            var ids = new List<int>(text.Length);
            var loading = (Samples.Time(() => tokenizer = HfTokenizer.FromJson(File.ReadAllBytes(path))), reference.Time(new() { ["load"] = path }));
            var cold = (Samples.Time(() => tokenizer!.Encode(text, ids, addSpecialTokens: false)), reference.Time(new() { ["encode"] = true }));
            ids.Clear();
            var warm = (Samples.Time(() => tokenizer!.Encode(text, ids, addSpecialTokens: false)), reference.Time(new() { ["encode"] = true }));
            if (round == -WarmUp) Compare(name, ids, reference);
            GC.Collect();
            if (round < 0) continue;
            load.Add(loading.Item1, loading.Item2);
            first.Add(cold.Item1, cold.Item2);
            again.Add(warm.Item1, warm.Item2);
        }
        load.Print(name, "load");
        first.Print(name, "encode, cold");
        again.Print(name, "encode, warm");
    }

    private static void Compare(string name, List<int> ids, ReferenceProcess reference)
    {
        var expected = reference.Ask(new() { ["ids"] = true })["ids"]!.AsArray().Select(id => id!.GetValue<int>());
        if (!expected.SequenceEqual(ids)) throw new InvalidOperationException($"{name}: the ids differ from the reference's");
    }
}
