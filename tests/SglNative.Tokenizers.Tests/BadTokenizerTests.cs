using System.Text;
using System.Text.Json.Nodes;
using SglNative.Core;

namespace SglNative.Tokenizers.Tests;

/// <summary>What is wrong with a tokenizer.json is one line that says where.</summary>
public sealed class BadTokenizerTests
{
    private const string Model = """{"type": "BPE", "vocab": {"a": 0, "b": 1, "ab": 2}, "merges": [["a", "b"]]}""";

    [Theory]
    [InlineData("", "tokenizer.json: not valid JSON at line 1")]
    [InlineData("[]", "tokenizer.json: should be an object")]
    [InlineData("{}", "the field \"model\" is missing")]
    [InlineData("""{"model": 5}""", "model: should be an object")]
    [InlineData("""{"model": {"type": "BPE", "merges": []}}""", "model: the field \"vocab\" is missing")]
    [InlineData("""{"model": {"type": "BPE", "vocab": {"a": 0}}}""", "model: the field \"merges\" is missing")]
    [InlineData("""{"model": {"type": "BPE", "vocab": {"a": -1}, "merges": []}}""", "the id -1")]
    [InlineData("""{"model": {"type": "BPE", "vocab": {"a": 9999999999}, "merges": []}}""", "the id 9999999999")]
    [InlineData("""{"model": {"type": "BPE", "vocab": {"a": "x"}, "merges": []}}""", "the id of token \"a\" is not a whole number")]
    [InlineData("""{"model": {"type": "BPE", "vocab": {"a": 0, "b": 1}, "merges": ["a b"]}}""", "model.merges[0]: \"ab\" is not in the vocabulary")]
    [InlineData("""{"model": {"type": "BPE", "vocab": {"a": 0, "b": 1}, "merges": [["a", "zz"]]}}""", "model.merges[0]: \"zz\" is not in the vocabulary")]
    [InlineData("""{"model": {"type": "BPE", "vocab": {"a": 0}, "merges": ["a"]}}""", "model.merges[0]: should be two tokens")]
    [InlineData("""{"model": {"type": "BPE", "vocab": {"a": 0}, "merges": [["a"]]}}""", "model.merges[0]: should be two tokens")]
    [InlineData("""{"model": {"type": "Unigram", "vocab": [["a", 1.0], ["b"]]}}""", "model.vocab[1]: should be a token and its score")]
    [InlineData("""{"model": {"type": "Unigram", "vocab": [["a", 1.0]], "unk_id": 5}}""", "model.unk_id: 5 is beyond")]
    [InlineData("""{"model": {"type": "Magic", "vocab": {}}}""", "the type \"Magic\" is unknown; known are BPE")]
    [InlineData("""{"model": MODEL, "normalizer": {"type": "NFX"}}""", "normalizer: the normalizer \"NFX\" is unknown")]
    [InlineData("""{"model": MODEL, "normalizer": {"type": "Sequence", "normalizers": [{"type": "NFC"}, {}]}}""", "normalizer.normalizers[1].type")]
    [InlineData("""{"model": MODEL, "normalizer": {"type": "Precompiled", "precompiled_charsmap": "!"}}""", "base64")]
    [InlineData("""{"model": MODEL, "normalizer": {"type": "Precompiled", "precompiled_charsmap": "/////w=="}}""", "its header announces")]
    [InlineData("""{"model": MODEL, "pre_tokenizer": {"type": "Split", "pattern": {"Regex": "("}, "behavior": "Isolated", "invert": false}}""", "a group without its ')'")]
    [InlineData("""{"model": MODEL, "pre_tokenizer": {"type": "Split", "pattern": {"Regex": "a"}, "behavior": "Sideways"}}""", "pre_tokenizer.behavior: should be Removed")]
    [InlineData("""{"model": MODEL, "pre_tokenizer": {"type": "Metaspace", "replacement": "xy"}}""", "pre_tokenizer.replacement: should be one character")]
    [InlineData("""{"model": MODEL, "decoder": {"type": "Sequence", "decoders": 5}}""", "decoder.decoders: should be a list, not 5")]
    [InlineData("""{"model": MODEL, "post_processor": {"type": "TemplateProcessing", "single": [{"SpecialToken": {"id": "x"}}], "special_tokens": {}}}""", "the token \"x\" is missing in special_tokens")]
    [InlineData("""{"model": MODEL, "added_tokens": [{"id": 3}]}""", "added_tokens[0]: the field \"content\" is missing")]
    [InlineData("""{"model": MODEL, "added_tokens": [{"content": "\ud800"}]}""", "not valid Unicode")]
    [InlineData("""{"model": MODEL} x""", "not valid JSON")]
    public void A_mistake_is_one_line(string json, string message)
    {
        var error = Assert.Throws<SglException>(() => HfTokenizer.FromJson(Encoding.UTF8.GetBytes(json.Replace("MODEL", Model, StringComparison.Ordinal))));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Theory]
    [InlineData("normalizer", "normalizers")]
    [InlineData("pre_tokenizer", "pretokenizers")]
    [InlineData("decoder", "decoders")]
    [InlineData("post_processor", "processors")]
    public void Absurdly_nested_sequences_are_refused(string part, string field)
    {
        foreach (var depth in new[] { 60, 5000 })
        {
            var nested = string.Concat(Enumerable.Repeat($$"""{"type":"Sequence","{{field}}":[""", depth)) + string.Concat(Enumerable.Repeat("]}", depth));
            var error = Assert.Throws<SglException>(() => HfTokenizer.FromJson(Encoding.UTF8.GetBytes($$"""{"model": {{Model}}, "{{part}}": {{nested}}}""")));
            Assert.DoesNotContain('\n', error.Message);
        }
    }

    [Fact]
    public void Damaged_files_never_end_in_anything_but_one_line()
    {
        var random = new Random(3);
        foreach (var name in TestData.SmallTokenizers)
        {
            var whole = TestData.SmallJson(name);
            for (var i = 0; i < 25; i++) Try(Damage(whole, random));
            // And whole JSON with one value replaced, which reaches deeper than a syntax error does.
            for (var i = 0; i < 25; i++)
            {
                var json = JsonNode.Parse(whole)!;
                ReplaceOne(json, random);
                Try(Encoding.UTF8.GetBytes(json.ToJsonString()));
            }
        }

        static void Try(byte[] content)
        {
            try
            {
                var tokenizer = HfTokenizer.FromJson(content);
                var ids = tokenizer.EncodeToIds("the fox 你好 <s> 12");
                tokenizer.Decode(ids, skipSpecialTokens: false);
            }
            catch (SglException e)
            {
                Assert.DoesNotContain('\n', e.Message);
            }
        }
    }

    [Fact]
    public void Damaged_models_never_end_in_anything_but_one_line()
    {
        var random = new Random(4);
        using var folder = new TemporaryFolder();
        var file = folder.PathOf("tokenizer.model");
        foreach (var name in TestData.SentencePieceModels)
        {
            var whole = File.ReadAllBytes(TestData.PathOf($"sentencepiece/{name}.model"));
            for (var i = 0; i < 40; i++)
            {
                File.WriteAllBytes(file, Damage(whole, random));
                try
                {
                    var tokenizer = HfTokenizer.Load(file);
                    tokenizer.Decode(tokenizer.EncodeToIds("the fox 你好 <s> 12"), skipSpecialTokens: false);
                }
                catch (SglException e)
                {
                    Assert.DoesNotContain('\n', e.Message);
                }
            }
        }
    }

    private static byte[] Damage(byte[] whole, Random random)
    {
        var copy = whole.ToList();
        for (var n = random.Next(1, 4); n > 0; n--)
        {
            var at = random.Next(copy.Count);
            switch (random.Next(4))
            {
                case 0: copy[at] = (byte)random.Next(256); break;
                case 1: copy.RemoveRange(at, Math.Min(random.Next(1, 20), copy.Count - at)); break;
                case 2: copy.InsertRange(at, copy.GetRange(random.Next(copy.Count / 2), Math.Min(copy.Count / 2, random.Next(1, 30)))); break;
                default: copy.RemoveRange(at, copy.Count - at); break;
            }
            if (copy.Count == 0) copy.Add(0);
        }
        return [.. copy];
    }

    private static void ReplaceOne(JsonNode root, Random random)
    {
        var node = root;
        while (true)
        {
            if (node is JsonObject { Count: > 0 } map)
            {
                var name = map.Select(p => p.Key).ElementAt(random.Next(map.Count));
                if (random.Next(3) > 0 && map[name] is JsonObject or JsonArray)
                {
                    node = map[name]!;
                    continue;
                }
                if (random.Next(4) == 0) map.Remove(name);
                else map[name] = Value(random);
            }
            else if (node is JsonArray { Count: > 0 } list)
            {
                var at = random.Next(list.Count);
                if (random.Next(3) > 0 && list[at] is JsonObject or JsonArray)
                {
                    node = list[at]!;
                    continue;
                }
                list[at] = Value(random);
            }
            return;
        }
    }

    private static JsonNode? Value(Random random) => random.Next(10) switch
    {
        0 => null, 1 => true, 2 => -1, 3 => 1e300, 4 => "", 5 => "a", 6 => new JsonArray(), 7 => new JsonObject(), 8 => new JsonArray("a", 1), _ => int.MaxValue,
    };
}
