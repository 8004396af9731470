using System.Text.Json;

namespace SglNative.Tokenizers.Tests;

/// <summary>Checkpoints without a tokenizer.json: the same vocabulary in the older files gives the ids of the reference.</summary>
public sealed class PlainVocabularyTests
{
    [Theory]
    [InlineData("qwen_like", """{"tokenizer_class": "Qwen2Tokenizer", ADDED}""")]
    [InlineData("byte_level", """{"tokenizer_class": "GPT2Tokenizer", ADDED}""")]
    [InlineData("byte_level_prefix_space", """{"tokenizer_class": "RobertaTokenizer", "add_prefix_space": true, "bos_token": "<s>", "eos_token": "</s>", ADDED}""")]
    [InlineData("bert_like", """{"tokenizer_class": "BertTokenizer", "do_lower_case": true, "cls_token": "[CLS]", "sep_token": "[SEP]", "unk_token": "[UNK]", "pad_token": "[PAD]", "mask_token": "[MASK]"}""")]
    public void Ids_equal_the_reference(string name, string config)
    {
        var golden = TestData.Read("tokenizers/" + name);
        using var folder = new TemporaryFolder();
        Write(folder, golden.GetProperty("tokenizer"), config);
        var tokenizer = HfTokenizer.Load(folder.Path);
        foreach (var test in golden.GetProperty("cases").EnumerateArray())
        {
            var text = TestData.Text(test, "text");
            // BERT's longest word is a setting that only tokenizer.json has.
            if (name == "bert_like" && text.Length > 60) continue;
            Assert.Equal(TestData.Ids(test, "ids_no_special"), tokenizer.EncodeToIds(text, addSpecialTokens: false));
            if (name != "byte_level_prefix_space") Assert.Equal(TestData.Ids(test, "ids"), tokenizer.EncodeToIds(text));
            Assert.Equal(TestData.Text(test, "decoded"), tokenizer.Decode(TestData.Ids(test, "ids_no_special"), false));
        }
    }

    private static void Write(TemporaryFolder folder, JsonElement tokenizer, string config)
    {
        var model = tokenizer.GetProperty("model");
        if (TestData.Text(model, "type") == "WordPiece")
            folder.Write("vocab.txt", string.Concat(model.GetProperty("vocab").EnumerateObject().OrderBy(t => t.Value.GetInt32()).Select(t => t.Name + "\n")));
        else
        {
            folder.Write("vocab.json", model.GetProperty("vocab").GetRawText());
            folder.Write("merges.txt", "#version: 0.2\n" + string.Concat(model.GetProperty("merges").EnumerateArray().Select(m => $"{m[0].GetString()} {m[1].GetString()}\n")));
        }
        var added = tokenizer.GetProperty("added_tokens").EnumerateArray().Select(t => $"\"{t.GetProperty("id")}\":{t.GetRawText()}");
        folder.Write("tokenizer_config.json", config.Replace("ADDED", $$"""
            "added_tokens_decoder": { {{string.Join(',', added)}} }
            """, StringComparison.Ordinal));
    }
}
