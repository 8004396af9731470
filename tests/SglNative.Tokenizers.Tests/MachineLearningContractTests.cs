using System.Buffers;
using Microsoft.ML.Tokenizers;

namespace SglNative.Tokenizers.Tests;

/// <summary>What code written for Microsoft.ML.Tokenizers.Tokenizer relies on, through the base class only.</summary>
public sealed class MachineLearningContractTests
{
    public static TheoryData<string> Names => [.. TestData.SmallTokenizers];

    private static IEnumerable<string> Texts(string name) => TestData.Read("tokenizers/" + name).GetProperty("cases").EnumerateArray().Select(c => TestData.Text(c, "text")).Append("sea shells, by the sea 😀!");

    [Theory]
    [MemberData(nameof(Names))]
    public void Tokens_ids_and_counts_agree(string name)
    {
        var own = TestData.Small(name);
        Tokenizer tokenizer = own;
        foreach (var text in Texts(name))
        {
            var ids = own.EncodeToIds(text, addSpecialTokens: true);
            var tokens = tokenizer.EncodeToTokens(text, out var normalized);
            Assert.Equal(ids, tokens.Select(t => t.Id));
            Assert.Equal(ids, tokenizer.EncodeToIds(text));
            Assert.Equal(ids, tokenizer.EncodeToIds(text.AsSpan()));
            Assert.Equal(ids, tokenizer.EncodeToTokens(text.AsSpan(), out _).Select(t => t.Id));
            Assert.Equal(ids.Length, tokenizer.CountTokens(text));
            Assert.Equal(ids.Length, tokenizer.CountTokens(text.AsSpan()));
            var last = 0;
            foreach (var token in tokens)
            {
                var (start, end) = (token.Offset.Start.Value, token.Offset.End.Value);
                Assert.True(start <= end && end <= normalized!.Length && end >= last, $"{token.Value} at {token.Offset} of '{normalized}'");
                Assert.Equal(own.IdToToken(token.Id), token.Value);
                last = end;
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Limits_cut_after_so_many_tokens(string name)
    {
        Tokenizer tokenizer = TestData.Small(name);
        foreach (var text in Texts(name).Where(t => t.Length is > 0 and < 40))
        {
            var all = tokenizer.EncodeToTokens(text, out var whole);
            foreach (var limit in new[] { 1, 2, 3, all.Count, all.Count + 5 }.Where(l => l > 0))
            {
                var ids = tokenizer.EncodeToIds(text, limit, out var normalized, out var consumed);
                Assert.Equal(all.Take(limit).Select(t => t.Id), ids);
                Assert.InRange(consumed, 0, text.Length);
                Assert.Equal(whole ?? text, normalized ?? text);

                var index = tokenizer.GetIndexByTokenCount(text, limit, out normalized, out var count);
                Assert.Equal(Math.Min(limit, all.Count), count);
                Assert.Equal(all.Count == 0 ? 0 : all[count - 1].Offset.End.Value, index);
                Assert.InRange(index, 0, (normalized ?? text).Length);

                index = tokenizer.GetIndexByTokenCountFromEnd(text, limit, out normalized, out count);
                Assert.Equal(Math.Min(limit, all.Count), count);
                Assert.Equal(all.Count == 0 ? (normalized ?? text).Length : all[^count].Offset.Start.Value, index);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Decoding_into_a_span_writes_what_fits_and_goes_on_from_there(string name)
    {
        Tokenizer tokenizer = TestData.Small(name);
        foreach (var text in Texts(name).Where(t => t.Length < 40))
        {
            var ids = tokenizer.EncodeToIds(text);
            var whole = tokenizer.Decode(ids);
            for (var size = 0; size <= whole.Length + 1; size++)
            {
                var destination = new char[size];
                var status = tokenizer.Decode(ids, destination, out var consumed, out var written);
                Assert.Equal(size >= whole.Length ? OperationStatus.Done : OperationStatus.DestinationTooSmall, status);
                Assert.InRange(consumed, 0, ids.Count);
                Assert.Equal(whole[..written], new string(destination, 0, written));
                if (status != OperationStatus.Done) continue;
                Assert.Equal((ids.Count, whole.Length), (consumed, written));
            }
        }
    }

    [Fact]
    public void Fewer_steps_can_be_asked_for()
    {
        Tokenizer tokenizer = TestData.Small("bert_like");
        Assert.Equal("hello world", Normalized(considerNormalization: true));
        Assert.Equal("HELLO world", Normalized(considerNormalization: false));
        Assert.Throws<ArgumentNullException>(() => tokenizer.Decode((IEnumerable<int>)null!));

        string? Normalized(bool considerNormalization)
        {
            var tokens = tokenizer.EncodeToTokens("HELLO world", out var normalized, considerPreTokenization: false, considerNormalization);
            Assert.NotEmpty(tokens);
            return normalized;
        }
    }
}
