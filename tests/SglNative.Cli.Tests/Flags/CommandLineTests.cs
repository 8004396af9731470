using SglNative.Cli.Commands;
using SglNative.Core;
using SglNative.Engine.Configuration;
using SglNative.Engine.Configuration.Flags;

namespace SglNative.Cli.Tests.Flags;

public class CommandLineTests
{
    [Theory]
    [InlineData("--model X")]
    [InlineData("--model-path X")]
    [InlineData("--model-pa X")]
    [InlineData("--model-path=X")]
    [InlineData("--model=X")]
    [InlineData("--model-p=X")]
    [InlineData("--model-path Y --model X")]
    public void A_flag_may_be_abbreviated_aliased_joined_and_repeated(string words) =>
        Assert.Equal(new ServerArgs { ModelPath = "X" }, Parse(words.Split(' ')).Args);

    [Fact]
    public void A_value_may_hold_equals_signs_and_be_empty()
    {
        Assert.Equal("a=b=c", Parse("--api-key=a=b=c").Args.ApiKey);
        Assert.Equal("", Parse("--api-key=").Args.ApiKey);
        Assert.Equal("", Parse("--api-key", "").Args.ApiKey);
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("8192")]
    public void A_negative_number_is_a_value(string size) =>
        Assert.Equal(int.Parse(size, System.Globalization.CultureInfo.InvariantCulture), Parse("--chunked-prefill-size", size).Args.ChunkedPrefillSize);

    [Fact]
    public void A_word_with_a_space_is_a_value_even_behind_a_dash_unless_it_gives_a_flag_that_there_is()
    {
        Assert.Equal("- a b", Parse("--api-key", "- a b").Args.ApiKey);
        Assert.Equal("--x=y z", Parse("--api-key", "--x=y z").Args.ApiKey);
        Assert.Equal("y z", Parse("--skip-tokenizer-init", "--model-p=y z").Args.ModelPath);
        Assert.Throws<SglException>(() => Parse("--api-key", "--model-p=y z"));
    }

    [Theory]
    [InlineData("--tp", "--tp-size")]
    [InlineData("--dp", "--dp-size")]
    [InlineData("--ep", "--ep")]
    [InlineData("--disable-radix", "--disable-radix-cache")]
    [InlineData("--context-len", "--context-length")]
    [InlineData("--mem-frac", "--mem-fraction-static")]
    [InlineData("--correct", "--correctness-test")]
    public void Beginnings_that_SGLang_users_type_find_their_flag(string typed, string name) =>
        Assert.Contains(name, BenchOneBatchFlags.Table.Resolve(typed).Names);

    [Fact]
    public void An_exact_alias_beats_the_longer_names_it_begins()
    {
        Assert.Equal("--model-path", BenchOneBatchFlags.Table.Resolve("--model").Name);
        Assert.Equal("--expert-parallel-size", BenchOneBatchFlags.Table.Resolve("--ep").Name);
    }

    [Fact]
    public void Lists_take_words_up_to_the_next_flag_or_one_JSON_list()
    {
        var table = BenchOneBatchFlags.Table;
        int[] Sizes(params string[] words) => [.. ServerCommandLine.Parse(words, table).Values.Get(BenchOneBatchFlags.BatchSize)];
        Assert.Equal([1, 12, 14], Sizes("--batch-size", "1", "12", "14", "--model", "X"));
        Assert.Equal([1, 12], Sizes("--batch-size", "[1, 12]"));
        Assert.Equal([7], Sizes("--batch-size=7"));
        Assert.Equal([1], Sizes());
        var lora = Parse("--lora-paths", "a=/x", "b=/y", "--port", "1").Values;
        Assert.Equal("a=/x b=/y", lora.TextOf("--lora-paths"));
        Assert.Equal("1", lora.TextOf("--port"));
    }

    [Fact]
    public void Ids_and_positions_are_separated_by_commas()
    {
        var values = ServerCommandLine.Parse(["--input-ids", "1,2, 3", "--positions=-1,0"], BenchOneBatchFlags.Table).Values;
        Assert.Equal([1, 2, 3], values.Get(BenchOneBatchFlags.InputIds));
        Assert.Equal([-1, 0], values.Get(BenchOneBatchFlags.Positions));
    }

    [Fact]
    public void A_flag_with_an_optional_value_takes_one_or_none()
    {
        Assert.Equal("", Parse("--model-checksum", "--port", "1").Values.TextOf("--model-checksum"));
        Assert.Equal("sums.json", Parse("--model-checksum", "sums.json").Values.TextOf("--model-checksum"));
    }

    [Theory]
    [InlineData("--port", "--port needs a value")]
    [InlineData("--port --host x", "--port needs a value; one that begins with '-' is written --port=--host")]
    [InlineData("--port abc", "--port takes an integer, not 'abc'")]
    [InlineData("--port 99999999999", "--port takes an integer from -2147483648 to 2147483647, not '99999999999'")]
    [InlineData("--port 65536", "--port takes a port from 0 to 65535, not '65536'")]
    [InlineData("--mem-fraction-static 1.5", "--mem-fraction-static takes a number between 0 and 1, not '1.5'")]
    [InlineData("--mem-fraction-static nan", "--mem-fraction-static takes a number, not 'nan'")]
    [InlineData("--chunked-prefill-size 0", "--chunked-prefill-size takes a positive integer, or -1, not '0'")]
    [InlineData("--dtype int4", "--dtype takes one of auto, half, float16, bfloat16, float, float32, not 'int4'")]
    [InlineData("--trust-remote-code=yes", "--trust-remote-code is a switch and takes no value, but was given 'yes'")]
    [InlineData("--json-model-override-args [1]", "--json-model-override-args takes a JSON object, not '[1]'")]
    [InlineData("--json-model-override-args {", "--json-model-override-args takes a JSON object (it fails at character 2 of line 1), not '{'")]
    [InlineData("--cuda-graph-bs 1 x", "--cuda-graph-bs takes integers, or a JSON list of them, not '1 x'")]
    [InlineData("--cuda-graph-bs [1,", "--cuda-graph-bs takes integers, or a JSON list of them, not '[1,'")]
    [InlineData("--modle-path X", "unknown flag '--modle-path'; did you mean --model-path?")]
    [InlineData("--model_path X", "unknown flag '--model_path'; did you mean --model-path?")]
    [InlineData("--xyzzy", "unknown flag '--xyzzy'; --help lists the flags there are")]
    [InlineData("-p 1", "unknown flag '-p'; --help lists the flags there are")]
    [InlineData("--pp 2", "ambiguous flag --pp: it could be --pp-async-batch-depth, --pp-max-micro-batch-size, --pp-size")]
    [InlineData("models/llama", "unexpected 'models/llama': values follow the flag they belong to (a model is given as --model-path models/llama)")]
    public void A_mistake_is_one_clear_line(string words, string message) =>
        Assert.Equal(message, Assert.Throws<SglException>(() => Parse(words.Split(' '))).Message);

    [Fact]
    public void Long_or_broken_values_do_not_spread_over_the_message()
    {
        var message = Assert.Throws<SglException>(() => Parse("--port", new string('x', 10_000) + "\n\u0007")).Message;
        Assert.True(message.Length < 200);
        Assert.DoesNotContain(message, char.IsControl);
        Assert.DoesNotContain(Assert.Throws<SglException>(() => Parse("--port", "1\n2")).Message, char.IsControl);
    }

    [Fact]
    public void Random_words_give_a_configuration_or_one_line()
    {
        var random = new Random(3);
        var names = BenchOneBatchFlags.Table.Flags.SelectMany(flag => flag.Names).Where(name => name != "--config").ToArray();
        string[] values = ["1", "-1", "1e308", "1e999", "x", "", "-", "--", "=", "{}", "{\"a\":", "[1,2]", "[{}]", "[null]", "null", "auto", "é\ud800", "a b", "-9999999999", "\0"];
        for (var i = 0; i < 5_000; i++)
        {
            var words = Enumerable.Range(0, random.Next(1, 5)).Select(_ => random.Next(3) switch
            {
                0 => values[random.Next(values.Length)],
                1 => names[random.Next(names.Length)] is var name ? name[..random.Next(1, name.Length + 1)] : "",
                _ => $"{names[random.Next(names.Length)]}={values[random.Next(values.Length)]}",
            }).ToArray();
            try
            {
                var command = ServerCommandLine.Parse(words, BenchOneBatchFlags.Table);
                FlagReport.For(command.Values, DeviceKind.Cuda);
            }
            catch (SglException e)
            {
                Assert.DoesNotContain(e.Message, char.IsControl);
            }
        }
    }

    private static ServerCommandLine Parse(params string[] words) => ServerCommandLine.Parse(words);
}
