using System.Text;

namespace SglNative.Tokenizers.Tests.Streaming;

/// <summary>Decoding in a stream is decoding at once, in whole characters, without waiting for more than it must.</summary>
public sealed class DetokenizerTests
{
    private const int Texts = 10_000;

    public static TheoryData<string> Small => [.. TestData.SmallTokenizers, .. TestData.SentencePieceModels.Select(n => n + ".model")];

    public static TheoryData<string> Published => GoldenTests.Names;

    [Theory]
    [MemberData(nameof(Small))]
    public void Streams_of_random_texts_equal_decoding_at_once(string name) =>
        Check(name.EndsWith(".model", StringComparison.Ordinal) ? HfTokenizer.Load(TestData.PathOf("sentencepiece/" + name)) : TestData.Small(name), name);

    [Theory]
    [MemberData(nameof(Published))]
    public void Streams_of_random_texts_equal_decoding_at_once_for_published_tokenizers(string name) => Check(PublishedTokenizers.Load(name), name);

    private static void Check(HfTokenizer tokenizer, string name)
    {
        var random = new RandomText(name.Length);
        var ids = new List<int>();
        var text = new StringBuilder();
        // Where nothing is normalized away, bytes come back as they were.
        var exact = name is "byte_level" or "llama3_like" or "gpt2" or "gpt4" or "gpt4o" or "llama3" or "llama3_1" or "llama3_2" or "mistral_nemo" or "deepseek_v3" or "text_embedding_ada002";
        for (var i = 0; i < Texts; i++)
        {
            var source = random.Next();
            ids.Clear();
            tokenizer.Encode(source, ids, addSpecialTokens: i % 2 == 0);
            var skip = i % 3 == 0;
            var detokenizer = tokenizer.CreateDetokenizer(skip);
            text.Clear();
            foreach (var id in ids)
            {
                var part = detokenizer.AppendSpan(id);
                Assert.False(!part.IsEmpty && (char.IsHighSurrogate(part[^1]) || char.IsLowSurrogate(part[0])), $"half a character of '{source}'");
                text.Append(part);
            }
            text.Append(detokenizer.Flush());
            var whole = tokenizer.Decode(ids, skip);
            if (!text.Equals(whole)) Assert.Fail($"'{source}': the stream gives '{text}', decoding at once '{whole}'");
            if (exact && !skip && i % 2 == 1) Assert.Equal(source, whole);
        }
    }

    /// <summary>Any ids, not only those of texts: characters cut anywhere, and what is held back is the beginning of one and nothing more.</summary>
    [Theory]
    [InlineData("byte_level")]
    [InlineData("llama3_like")]
    [InlineData("qwen_like")]
    public void A_byte_level_stream_holds_back_only_an_unfinished_character(string name)
    {
        var tokenizer = TestData.Small(name);
        var random = new Random(5);
        for (var i = 0; i < 2000; i++)
        {
            var detokenizer = tokenizer.CreateDetokenizer(skipSpecialTokens: false);
            var bytes = new List<byte>();
            var streamed = new StringBuilder();
            for (var length = random.Next(12); length > 0; length--)
            {
                // The first ids are single bytes, so that most characters come in parts.
                var id = random.Next(random.Next(3) == 0 ? tokenizer.Pipeline.Model.Vocabulary.IdLimit : 256);
                bytes.AddRange(tokenizer.TokenBytes(id));
                streamed.Append(detokenizer.AppendSpan(id));
                Assert.Equal(Certain([.. bytes]), streamed.ToString());
            }
            streamed.Append(detokenizer.Flush());
            Assert.Equal(Encoding.UTF8.GetString([.. bytes]), streamed.ToString());
        }

        static string Certain(byte[] bytes)
        {
            var characters = new char[bytes.Length + 1];
            Encoding.UTF8.GetDecoder().Convert(bytes, characters, flush: false, out _, out var used, out _);
            return new string(characters, 0, used);
        }
    }

    [Fact]
    public void A_run_of_byte_tokens_waits_until_it_is_certain()
    {
        var tokenizer = TestData.Small("llama2_like");
        int Byte(byte b) => tokenizer.TokenToId($"<0x{b:X2}>")!.Value;
        var detokenizer = tokenizer.CreateDetokenizer(skipSpecialTokens: false);
        Assert.Equal("", detokenizer.Append(Byte(0xe4)));
        Assert.Equal("", detokenizer.Append(Byte(0xbd)));
        // The reference turns a whole run into U+FFFD if one of its bytes does not fit, so even a finished character waits.
        Assert.Equal("", detokenizer.Append(Byte(0xa0)));
        Assert.Equal("你 a", detokenizer.Append(tokenizer.TokenToId("▁a")!.Value));
        Assert.Equal("", detokenizer.Append(Byte(0xff)));
        Assert.Equal("\ufffd", detokenizer.Flush());
        Assert.Throws<InvalidOperationException>(() => detokenizer.Append(1));
    }

    [Fact]
    public void The_first_word_keeps_its_space_behind_a_prompt()
    {
        var tokenizer = TestData.Small("llama2_like");
        var the = tokenizer.TokenToId("▁the")!.Value;
        Assert.Equal("the", tokenizer.CreateDetokenizer(true).Append(the));
        Assert.Equal(" the", tokenizer.CreateDetokenizer(true, promptTail: [the]).Append(the));
    }

    [Theory]
    [MemberData(nameof(Small))]
    public void A_stream_allocates_nothing(string name)
    {
        var tokenizer = name.EndsWith(".model", StringComparison.Ordinal) ? HfTokenizer.Load(TestData.PathOf("sentencepiece/" + name)) : TestData.Small(name);
        var ids = tokenizer.EncodeToIds("the quick brown fox 你好 😀 été, it's 42% of them\n", addSpecialTokens: false);
        // A character that never ends would be kept, and so would a decoder that waits for the end of the text.
        if (name is "clip_like") return;
        var detokenizer = tokenizer.CreateDetokenizer(skipSpecialTokens: false);
        var least = long.MaxValue;
        // The first rounds fill buffers; and the runtime itself may allocate while it compiles.
        for (var round = 0; round < 10; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 100; i++)
                foreach (var id in ids) detokenizer.AppendSpan(id);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        Assert.Equal(0, least);
    }
}
