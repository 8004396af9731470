using SglNative.Core;
using SglNative.Engine.Configuration;

namespace SglNative.Cli.Tests.Flags;

public sealed class YamlConfigTests : IDisposable
{
    private readonly string _file = Path.Combine(Path.GetTempPath(), $"sgl-native-{Guid.NewGuid():N}.yaml");

    public void Dispose() => File.Delete(_file);

    [Fact]
    public void The_command_line_overrides_the_file_wherever_it_stands()
    {
        Write("model-path: from-file\nport: 1234\nhost: 0.0.0.0\n");
        var expected = new ServerArgs { ModelPath = "X", Port = 1234, Host = "0.0.0.0" };
        Assert.Equal(expected, Parse("--config", _file, "--model", "X").Args);
        Assert.Equal(expected, Parse("--model", "X", "--config", _file).Args);
    }

    [Fact]
    public void Keys_may_have_underscores_aliases_quotes_and_comments()
    {
        Write("# a comment\nmodel_path: 'a b'\n\"tp-size\": 2 # two\nlog_level: debug\n");
        var command = Parse("--config", _file);
        Assert.Equal(new ServerArgs { ModelPath = "a b", TensorParallelSize = 2, LogLevel = LogSeverity.Debug }, command.Args);
        Assert.Equal("2", command.Values.TextOf("--tp-size"));
    }

    [Theory]
    [InlineData("true", true)]
    [InlineData("True", true)]
    [InlineData("yes", true)]
    [InlineData("false", false)]
    [InlineData("off", false)]
    [InlineData("null", false)]
    public void A_switch_is_true_or_false(string value, bool on)
    {
        Write($"skip-tokenizer-init: {value}\n");
        Assert.Equal(on, Parse("--config", _file).Args.SkipTokenizerInit);
    }

    [Fact]
    public void Null_leaves_a_flag_at_its_default_and_numbers_keep_their_spelling()
    {
        Write("context-length: null\nquantization: ~\nport:\nrevision: 1e5\nserved-model-name: 007\n");
        Assert.Equal(new ServerArgs { Revision = "1e5", ServedModelName = "007" }, Parse("--config", _file).Args);
    }

    [Fact]
    public void Lists_and_mappings_stand_for_several_words_and_for_JSON()
    {
        Write("cuda-graph-bs: [1, 2]\nlora-paths:\n  - a=/x\n  - b=/y\njson-model-override-args:\n  rope_theta: 1.5\n  names: [a, 2, true, null]\n");
        var command = Parse("--config", _file);
        Assert.Equal("1 2", command.Values.TextOf("--cuda-graph-bs"));
        Assert.Equal("a=/x b=/y", command.Values.TextOf("--lora-paths"));
        Assert.Equal("""{"rope_theta":1.5,"names":["a",2,true,null]}""", command.Args.JsonModelOverrideArgs);
    }

    [Fact]
    public void A_JSON_flag_may_also_be_a_text()
    {
        Write("json-model-override-args: '{\"a\": 1}'\n");
        Assert.Equal("""{"a": 1}""", Parse("--config", _file).Args.JsonModelOverrideArgs);
    }

    [Theory]
    [InlineData("")]
    [InlineData("# nothing\n")]
    [InlineData("---\n...\n")]
    [InlineData("{}\n")]
    public void An_empty_file_gives_nothing(string text)
    {
        Write(text);
        Assert.Equal(new ServerArgs(), Parse("--config", _file).Args);
    }

    [Fact]
    public void A_refusal_names_the_file_and_the_line()
    {
        Write("port: 1\nquantization: fp8\n");
        var message = Assert.Throws<SglException>(() => Parse("--config", _file).Resolve(DeviceKind.Cpu)).Message;
        Assert.StartsWith($"{_file} line 2: quantization fp8 is not supported yet: ", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("port: 1\nprot: 2\n", "line 2: unknown flag '--prot'; did you mean --port?")]
    [InlineData("host: x\nport: abc\n", "line 2: port takes an integer, not 'abc'")]
    [InlineData("port: true\n", "line 1: port takes an integer, not 'true'")]
    [InlineData("port: [1, 2]\n", "line 1: port takes one value, not a list")]
    [InlineData("port:\n  a: 1\n", "line 2: port takes one value, not a mapping")]
    [InlineData("\ntrust-remote-code: 3\n", "line 2: trust-remote-code is a switch: write true or false, not '3'")]
    [InlineData("cuda-graph-bs: []\n", "line 1: cuda-graph-bs needs at least one value")]
    [InlineData("cuda-graph-bs: [1, x]\n", "line 1: cuda-graph-bs takes integers, or a JSON list of them, not '1 x'")]
    [InlineData("port: 1\nport: 2\n", "line 2: port is given twice")]
    [InlineData("model: a\nmodel-path: b\n", "line 2: model-path is given twice")]
    [InlineData("config: other.yaml\n", "line 1: --config belongs on the command line")]
    [InlineData("- port\n", "line 1: a configuration file is a mapping such as 'port: 30000'")]
    [InlineData("port\n", "line 1: a configuration file is a mapping such as 'port: 30000'")]
    [InlineData("? [a]\n: b\n", "line 1: a key is the name of a flag")]
    [InlineData("api-key: &a x\nhost: *a\n", "line 2: anchors and aliases are not supported")]
    [InlineData("port: 1\n---\nport: 2\n", "line 2: a configuration file holds one document")]
    [InlineData("m: 1\n", "line 1: ambiguous flag --m: it could be")]
    public void A_mistake_is_one_line_with_the_place(string text, string message)
    {
        Write(text);
        Assert.StartsWith($"{_file} {message}", Assert.Throws<SglException>(() => Parse("--config", _file)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("port: [1\n")]
    [InlineData("port: 'x\n")]
    [InlineData("a: b: c\n")]
    [InlineData("port: !<a b> 1\n")]
    [InlineData("port: 1\n  host: x\n")]
    [InlineData("%YAML 9.9\n---\nport: 1\n")]
    [InlineData("port: @x\n")]
    public void Broken_YAML_is_one_line_with_the_place(string text)
    {
        Write(text);
        var message = Assert.Throws<SglException>(() => Parse("--config", _file)).Message;
        Assert.Matches(@" line \d+: ", message);
        Assert.DoesNotContain('\n', message);
    }

    [Fact]
    public void No_nesting_ends_the_process()
    {
        Write("json-model-override-args: " + new string('[', 500_000));
        Assert.Contains("values nest deeper", Assert.Throws<SglException>(() => Parse("--config", _file)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_cannot_be_read_is_one_line()
    {
        Assert.Equal($"--config {_file}: no such file", Assert.Throws<SglException>(() => Parse("--config", _file)).Message);
        Assert.Contains("no such file", Assert.Throws<SglException>(() => Parse("--config", Path.GetTempPath())).Message, StringComparison.Ordinal);
        File.WriteAllBytes(_file, [0x70, 0xff, 0xfe]);
        Assert.Equal($"--config {_file}: it is not UTF-8 text", Assert.Throws<SglException>(() => Parse("--config", _file)).Message);
        File.WriteAllBytes(_file, new byte[2 << 20]);
        Assert.Contains("at most 1048576 bytes", Assert.Throws<SglException>(() => Parse("--config", _file)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Random_files_give_flags_or_one_line()
    {
        var random = new Random(7);
        string[] pieces = ["port", ": ", "1", "\n", "- ", "[", "]", "{", "}", "'", "\"", "|", ">", "&a", "*a", "!!int", "? ", "#", "  ", "model-path", "\t", "---\n", ",", "é", "\0", "%"];
        for (var i = 0; i < 3000; i++)
        {
            Write(string.Concat(Enumerable.Range(0, random.Next(1, 25)).Select(_ => pieces[random.Next(pieces.Length)])));
            try
            {
                Parse("--config", _file);
            }
            catch (SglException e)
            {
                Assert.DoesNotContain('\n', e.Message);
            }
        }
    }

    private void Write(string text) => File.WriteAllText(_file, text);

    private static ServerCommandLine Parse(params string[] words) => ServerCommandLine.Parse(words);
}
