using SglNative.Core;
using SglNative.Tokenizers.Configuration;

namespace SglNative.Tokenizers.Tests.Configuration;

/// <summary>tokenizer_config.json and the files beside it, in the forms that checkpoints have them.</summary>
public sealed class TokenizerConfigTests
{
    [Fact]
    public void Special_tokens_are_texts_or_objects_and_the_configuration_wins_over_the_map()
    {
        using var folder = new TemporaryFolder();
        folder.Write("special_tokens_map.json", """{"bos_token": "<a>", "eos_token": {"content": "<e>", "lstrip": false}, "additional_special_tokens": ["<x>", {"content": "<y>"}]}""");
        folder.Write("tokenizer_config.json", """
            {"bos_token": {"__type": "AddedToken", "content": "<b>"}, "unk_token": null, "extra_special_tokens": {"image_token": "<image>"}, "add_bos_token": false, "add_eos_token": null,
             "legacy": true, "model_max_length": 1000000000000000019884624838656, "tokenizer_class": "LlamaTokenizer", "clean_up_tokenization_spaces": true}
            """);
        var config = TokenizerConfig.Load(folder.Path);
        Assert.Equal(("<b>", "<e>", "<image>"), (config.SpecialTokens["bos_token"], config.SpecialTokens["eos_token"], config.SpecialTokens["image_token"]));
        Assert.False(config.SpecialTokens.ContainsKey("unk_token"));
        Assert.Equal(["<x>", "<y>", "<image>"], config.ExtraSpecialTokens);
        Assert.Equal((false, null, true, null, "LlamaTokenizer"), (config.AddBosToken, config.AddEosToken, config.Legacy, config.ModelMaxLength, config.TokenizerClass));
        Assert.True(config.CleanUpTokenizationSpaces);
    }

    [Fact]
    public void Chat_templates_are_a_text_a_list_or_files_and_files_win()
    {
        using var folder = new TemporaryFolder();
        folder.Write("tokenizer_config.json", """{"chat_template": "one"}""");
        Assert.Equal("one", TokenizerConfig.Load(folder.Path).ChatTemplate);
        folder.Write("tokenizer_config.json", """{"chat_template": [{"name": "default", "template": "two"}, {"name": "tool_use", "template": "tools"}]}""");
        var config = TokenizerConfig.Load(folder.Path);
        Assert.Equal(("two", "tools"), (config.ChatTemplate, config.ChatTemplates["tool_use"]));
        Assert.Equal(("default", "tool_use"), (config.ChatTemplateNameFor(tools: false), config.ChatTemplateNameFor(tools: true)));
        folder.Write("chat_template.json", """{"chat_template": "three"}""");
        Assert.Equal("three", TokenizerConfig.Load(folder.Path).ChatTemplate);
        folder.Write("chat_template.jinja", "four");
        folder.Write("additional_chat_templates/rag.jinja", "five");
        folder.Write("chat_templates/tool_use.jinja", "six");
        config = TokenizerConfig.Load(folder.Path);
        Assert.Equal(("four", "five", "six"), (config.ChatTemplate, config.ChatTemplates["rag"], config.ChatTemplates["tool_use"]));
    }

    [Fact]
    public void Bos_and_eos_are_added_where_tokenizer_json_is_silent()
    {
        using var folder = new TemporaryFolder();
        var json = System.Text.Json.Nodes.JsonNode.Parse(TestData.SmallJson("llama2_like"))!;
        json["post_processor"] = null;
        folder.Write("tokenizer.json", json.ToJsonString());
        Assert.Empty(HfTokenizer.Load(folder.Path).EncodeToIds(""));
        folder.Write("tokenizer_config.json", """{"add_bos_token": true, "add_eos_token": true, "bos_token": "<s>", "eos_token": "</s>"}""");
        Assert.Equal([1, 2], HfTokenizer.Load(folder.Path).EncodeToIds(""));
        File.WriteAllBytes(folder.PathOf("tokenizer.json"), TestData.SmallJson("llama2_like"));
        Assert.Equal([1], HfTokenizer.Load(folder.Path).EncodeToIds(""));
    }

    [Fact]
    public void Tokens_that_only_the_configuration_lists_are_added_on_request()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.PathOf("tokenizer.json"), TestData.SmallJson("byte_level"));
        folder.Write("tokenizer_config.json", """{"added_tokens_decoder": {"461": {"content": "<|new|>", "special": true}}}""");
        Assert.Null(HfTokenizer.Load(folder.Path).TokenToId("<|new|>"));
        var tokenizer = HfTokenizer.Load(folder.Path, addConfiguredTokens: true);
        var id = tokenizer.TokenToId("<|new|>");
        Assert.Equal([id!.Value], tokenizer.EncodeToIds("<|new|>"));
        Assert.True(tokenizer.IsSpecial(id.Value));
    }

    [Theory]
    [InlineData("tokenizer_config.json", "{", "not valid JSON at line 1")]
    [InlineData("tokenizer_config.json", "[]", "should be an object, not []")]
    [InlineData("tokenizer_config.json", """{"added_tokens_decoder": {"x": {"content": "a"}}}""", "added_tokens_decoder.x: the name should be an id")]
    [InlineData("tokenizer_config.json", """{"added_tokens_decoder": {"1": {}}}""", "the field \"content\" is missing")]
    [InlineData("tokenizer_config.json", """{"chat_template": [{"name": "a"}]}""", "the field \"template\" is missing")]
    [InlineData("added_tokens.json", """{"a": "b"}""", "should be an id")]
    [InlineData("special_tokens_map.json", "nonsense", "not valid JSON")]
    public void Malformed_files_are_one_line(string file, string content, string message)
    {
        using var folder = new TemporaryFolder();
        folder.Write(file, content);
        var error = Assert.Throws<SglException>(() => TokenizerConfig.Load(folder.Path));
        Assert.StartsWith(folder.PathOf(file), error.Message, StringComparison.Ordinal);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void A_folder_without_a_tokenizer_says_what_was_looked_for()
    {
        using var folder = new TemporaryFolder();
        Assert.Contains("holds no tokenizer.json", Assert.Throws<SglException>(() => HfTokenizer.Load(folder.Path)).Message, StringComparison.Ordinal);
        Assert.Contains("no such file or directory", Assert.Throws<SglException>(() => HfTokenizer.Load(folder.PathOf("x"))).Message, StringComparison.Ordinal);
    }
}
