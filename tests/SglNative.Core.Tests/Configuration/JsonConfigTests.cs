using System.Text;
using SglNative.Core.Configuration;

namespace SglNative.Core.Tests.Configuration;

public sealed class JsonConfigTests
{
    private const string Json = """
        {"i": 7, "whole": 8.0, "f": 0.5, "s": "x", "b": true, "none": null, "ints": [1, 2], "words": ["a", "b"], "mixed": [1, "a"],
         "big": 3000000000, "nan": NaN, "inf": Infinity, "minus": -Infinity, "text": "NaN \" Infinity", "i": 9,
         "text_config": {"hidden_size": 4, "deep": {"x": "y"}}}
        """;

    private readonly JsonConfig _config = JsonConfig.Parse(Json, "dir/config.json");

    [Fact]
    public void Values_come_in_the_type_asked_for()
    {
        Assert.Equal(9, _config.GetInt("i"));
        Assert.Equal(8, _config.GetInt("whole"));
        Assert.Equal(9.0, _config.GetFloat("i"));
        Assert.Equal("x", _config.GetString("s"));
        Assert.True(_config.GetBool("b"));
        Assert.Equal([1, 2], _config.GetInts("ints"));
        Assert.Equal(["a", "b"], _config.FindStrings("words")!);
        Assert.Equal([9], _config.FindOneOrMoreInts("i"));
        Assert.Equal([1, 2], _config.FindOneOrMoreInts("ints"));
        Assert.Equal(4, _config.GetObject("text_config").GetInt("hidden_size"));
    }

    [Fact]
    public void Null_and_absent_are_the_same()
    {
        Assert.Equal(3, _config.GetInt("none", 3));
        Assert.Equal(3, _config.GetInt("absent", 3));
        Assert.Null(_config.FindObject("none"));
        Assert.False(_config.Has("none"));
        Assert.Equal("i", _config.FirstOf("absent", "none", "i"));
        Assert.DoesNotContain("none", _config.Keys);
    }

    [Fact]
    public void Numbers_that_only_Python_writes_are_read()
    {
        Assert.True(double.IsNaN(_config.GetFloat("nan")));
        Assert.Equal(double.PositiveInfinity, _config.GetFloat("inf"));
        Assert.Equal(double.NegativeInfinity, _config.GetFloat("minus"));
        Assert.Equal("NaN \" Infinity", _config.GetString("text"));
        Assert.Contains("found the number NaN", Assert.Throws<SglException>(() => _config.GetInt("nan")).Message);
    }

    [Theory]
    [InlineData("s", "dir/config.json: 's' must be an integer, found the string 'x'")]
    [InlineData("b", "dir/config.json: 'b' must be an integer, found true")]
    [InlineData("f", "dir/config.json: 'f' must be an integer, found the number 0.5")]
    [InlineData("ints", "dir/config.json: 'ints' must be an integer, found an array")]
    [InlineData("absent", "dir/config.json: 'absent' is missing, expected an integer")]
    [InlineData("none", "dir/config.json: 'none' is missing, expected an integer")]
    [InlineData("big", "dir/config.json: 'big' must be an integer of at most 32 bits, found the number 3000000000")]
    public void A_wrong_type_is_told_with_file_key_and_value(string key, string message) =>
        Assert.Equal(message, Assert.Throws<SglException>(() => _config.GetInt(key)).Message);

    [Fact]
    public void Nested_and_array_positions_are_told()
    {
        Assert.Contains("'text_config.deep.x' must be a number", Throws(() => _config.GetObject("text_config").GetObject("deep").GetFloat("x")));
        Assert.Contains("'mixed[1]' must be an integer", Throws(() => _config.GetInts("mixed")));
        Assert.Contains("'i' must be a string", Throws(() => _config.GetString("i")));
        Assert.Contains("'i' must be true or false", Throws(() => _config.GetBool("i")));
        Assert.Contains("'i' must be an object", Throws(() => _config.GetObject("i")));
        Assert.Contains("'i' must be an array of strings", Throws(() => _config.FindStrings("i")));
    }

    [Fact]
    public void Overrides_replace_remove_and_reach_into_sub_configurations()
    {
        var merged = _config.Merge(JsonConfig.Parse("""{"i":1,"s":null,"new":[5],"text_config":{"hidden_size":6}}""", "--json-model-override-args"));
        Assert.Equal(1, merged.GetInt("i"));
        Assert.False(merged.Has("s"));
        Assert.Equal([5], merged.GetInts("new"));
        Assert.Equal(6, merged.GetObject("text_config").GetInt("hidden_size"));
        Assert.Equal("y", merged.GetObject("text_config").GetObject("deep").GetString("x"));
        Assert.Equal(9, _config.GetInt("i"));
    }

    [Theory]
    [InlineData("{", "not valid JSON")]
    [InlineData("", "not valid JSON")]
    [InlineData("[1]", "must be a JSON object, found an array")]
    [InlineData("{\"a\":NaNny}", "not valid JSON")]
    [InlineData("{\"a\":1,}", "not valid JSON")]
    [InlineData("{\"a\":fals,\n\"b\":1}", "not valid JSON")]
    [InlineData("{\"\\ud800\":1}", "not valid JSON")]
    [InlineData("{\"a\": \"unclosed NaN}", "not valid JSON")]
    public void Text_that_is_no_object_is_refused(string json, string expected)
    {
        var error = Assert.Throws<SglException>(() => JsonConfig.Parse(json, "config.json"));
        Assert.StartsWith("config.json", error.Message);
        Assert.Contains(expected, error.Message);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void Depth_and_bad_text_do_not_kill()
    {
        Throws(() => JsonConfig.Parse("{\"a\":" + new string('[', 100_000), "x"));
        var lone = JsonConfig.Parse("""{"a":"\ud800"}""", "x");
        Throws(() => lone.GetString("a"));
        Throws(() => lone.GetInt("a"));
        Throws(() => JsonConfig.Parse([(byte)'{', (byte)'"', 0xff, (byte)'"', (byte)':', (byte)'1', (byte)'}'], "x"));
    }

    [Fact]
    public void Defaults_stand_in_for_absent_keys_only()
    {
        var config = JsonConfig.Parse("""{"text_config": {"given": 1, "none": null}}""", "dir/config.json").GetObject("text_config")
            .WithDefaults("""{"given": 2, "none": 2, "absent": 2}""");
        Assert.Equal(1, config.GetInt("given"));
        Assert.False(config.Has("none"));
        Assert.Equal(2, config.GetInt("absent"));
        Assert.Contains("dir/config.json: 'text_config.absent' must", Assert.Throws<SglException>(() => config.GetString("absent")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_byte_order_mark_is_skipped() => Assert.Equal(1, JsonConfig.Parse(Encoding.UTF8.GetBytes("\uFEFF{\"a\":1}"), "x").GetInt("a"));

    private static string Throws(Action action) => Assert.Throws<SglException>(action).Message;
}
