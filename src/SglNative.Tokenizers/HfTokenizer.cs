using System.Runtime.InteropServices;
using System.Text;
using Microsoft.ML.Tokenizers;
using SglNative.Tokenizers.AddedTokens;
using SglNative.Tokenizers.Configuration;
using SglNative.Tokenizers.Models;
using SglNative.Tokenizers.PostProcessors;
using SglNative.Tokenizers.PreTokenizers;
using SglNative.Tokenizers.Text;

namespace SglNative.Tokenizers;

/// <summary>
/// A checkpoint's tokenizer: text to ids and back exactly as the Hugging Face library does it, whatever file it was read from
/// (tokenizer.json, SentencePiece tokenizer.model, tiktoken). Immutable after loading and thread-safe.
/// </summary>
public sealed partial class HfTokenizer : Tokenizer
{
    private readonly TokenizerPipeline _pipeline;
    private readonly Spare<Workspace> _spare = new(() => new Workspace());

    internal HfTokenizer(TokenizerPipeline pipeline, TokenizerConfig config)
    {
        _pipeline = pipeline;
        Config = config;
        VocabSize = pipeline.Model.Vocabulary.Count + pipeline.Added.Ids.Values.Count(id => !pipeline.Model.Vocabulary.Contains(id));
        IdLimit = Math.Max(pipeline.Model.Vocabulary.IdLimit, pipeline.Added.Tokens.Keys.DefaultIfEmpty(-1).Max() + 1);
        BosToken = config.SpecialTokens.GetValueOrDefault("bos_token");
        EosToken = config.SpecialTokens.GetValueOrDefault("eos_token");
        PadToken = config.SpecialTokens.GetValueOrDefault("pad_token");
        UnkToken = config.SpecialTokens.GetValueOrDefault("unk_token");
        _special = new bool[IdLimit];
        foreach (var (id, token) in pipeline.Added.Tokens)
            if (pipeline.Added.IsSpecial(token.Content)) _special[id] = true;
    }

    private readonly bool[] _special;

    /// <summary>What the checkpoint's configuration says: special tokens, chat templates, limits.</summary>
    public TokenizerConfig Config { get; }

    /// <summary>How many distinct tokens there are, added ones included.</summary>
    public int VocabSize { get; }

    /// <summary>One more than the highest id; some ids below may have no token.</summary>
    public int IdLimit { get; }

    /// <summary>The text of the token that begins a text, or null.</summary>
    public string? BosToken { get; }

    /// <summary>The text of the token that ends a text, or null.</summary>
    public string? EosToken { get; }

    /// <summary>The text of the padding token, or null.</summary>
    public string? PadToken { get; }

    /// <summary>The text of the unknown token, or null.</summary>
    public string? UnkToken { get; }

    /// <summary>The id of <see cref="BosToken"/>, or null.</summary>
    public int? BosTokenId => BosToken is null ? null : TokenToId(BosToken);

    /// <summary>The id of <see cref="EosToken"/>, or null.</summary>
    public int? EosTokenId => EosToken is null ? null : TokenToId(EosToken);

    /// <summary>The id of <see cref="PadToken"/>, or null.</summary>
    public int? PadTokenId => PadToken is null ? null : TokenToId(PadToken);

    /// <summary>The id of <see cref="UnkToken"/>, or null.</summary>
    public int? UnkTokenId => UnkToken is null ? null : TokenToId(UnkToken);

    internal TokenizerPipeline Pipeline => _pipeline;

    /// <summary>Everything one encoding needs, reused.</summary>
    private sealed class Workspace
    {
        public TextBuffer Input { get; } = new();

        public TextBuffer Normalized { get; } = new();

        public List<AddedMatch> Raw { get; } = [];

        public List<AddedMatch> Inner { get; } = [];

        public PieceList Pieces { get; } = new();

        public TokenSink Sink { get; } = new();
    }

    /// <summary>Appends the ids of a text.</summary>
    /// <param name="text">Any text; an unpaired surrogate counts as U+FFFD.</param>
    /// <param name="ids">Where the ids are appended.</param>
    /// <param name="addSpecialTokens">Whether to surround the text with what the tokenizer's template says (BOS, EOS …).</param>
    /// <exception cref="Core.SglException">The text has something unknown and the model has no unknown token.</exception>
    public void Encode(ReadOnlySpan<char> text, List<int> ids, bool addSpecialTokens)
    {
        ArgumentNullException.ThrowIfNull(ids);
        var workspace = _spare.Take();
        EncodeInto(text, workspace);
        if (addSpecialTokens) AppendAround(_pipeline.PostProcessor.Single, workspace.Sink.Ids, default, ids);
        else Append(workspace.Sink.Ids, ids);
        _spare.Return(workspace);
    }

    /// <summary>The ids of a text; see <see cref="Encode"/>.</summary>
    public int[] EncodeToIds(string text, bool addSpecialTokens = true)
    {
        ArgumentNullException.ThrowIfNull(text);
        var ids = new List<int>();
        Encode(text, ids, addSpecialTokens);
        return [.. ids];
    }

    /// <summary>The ids of two texts that belong together (a question and a passage, say), as the tokenizer's template joins them.</summary>
    public int[] EncodePair(string first, string second, bool addSpecialTokens = true)
    {
        var (a, b) = (EncodeToIds(first, false), EncodeToIds(second, false));
        var ids = new List<int>();
        var template = _pipeline.PostProcessor.Pair;
        if (!addSpecialTokens) template = [.. template.Where(id => id < 0)];
        AppendAround(template, a, b, ids);
        return [.. ids];
    }

    /// <summary>The id of a token by its exact text in the vocabulary ("Ġthe", "▁the", "&lt;s&gt;"), or null.</summary>
    public int? TokenToId(string token)
    {
        ArgumentNullException.ThrowIfNull(token);
        if (_pipeline.Added.Ids.TryGetValue(token, out var id)) return id;
        id = _pipeline.Model.Vocabulary.IdOf(token);
        return id < 0 ? null : id;
    }

    /// <summary>A token's text as the vocabulary spells it, or null for an id that has no token.</summary>
    public string? IdToToken(int id) =>
        _pipeline.Added.Tokens.TryGetValue(id, out var added) ? added.Content : _pipeline.Model.Vocabulary.TextOf(id);

    /// <summary>Whether an id is a special token, which decoding can leave out.</summary>
    public bool IsSpecial(int id) => (uint)id < (uint)_special.Length && _special[id];

    private void EncodeInto(ReadOnlySpan<char> text, Workspace workspace)
    {
        workspace.Sink.Clear();
        workspace.Input.Clear();
        workspace.Input.Append(text);
        _pipeline.Added.SplitRaw(workspace.Input.Span, workspace.Raw);
        foreach (var (start, end, id) in workspace.Raw)
        {
            if (id >= 0) workspace.Sink.Add(id, end - start);
            else EncodeSection(workspace.Input.Span[start..end], start == 0, workspace);
        }
    }

    private void EncodeSection(ReadOnlySpan<byte> section, bool atStart, Workspace workspace)
    {
        if (_pipeline.NormalizerAt(atStart) is { } normalizer && !normalizer.LeavesAlone(section))
        {
            workspace.Normalized.Clear();
            normalizer.Normalize(section, workspace.Normalized);
            section = workspace.Normalized.Span;
        }
        _pipeline.Added.SplitNormalized(section, workspace.Inner);
        foreach (var (start, end, id) in workspace.Inner)
        {
            if (id >= 0)
            {
                workspace.Sink.Add(id, end - start);
                continue;
            }
            workspace.Pieces.Reset(section[start..end], atStart && start == 0);
            _pipeline.PreTokenizer?.Apply(workspace.Pieces);
            _pipeline.Model.Encode(workspace.Pieces, workspace.Sink);
        }
    }

    private static void AppendAround(IReadOnlyList<int> template, ReadOnlySpan<int> first, ReadOnlySpan<int> second, List<int> ids)
    {
        foreach (var id in template)
        {
            if (id == PostProcessor.First) Append(first, ids);
            else if (id == PostProcessor.Second) Append(second, ids);
            else ids.Add(id);
        }
    }

    private static void Append(ReadOnlySpan<int> from, List<int> to)
    {
        var count = to.Count;
        CollectionsMarshal.SetCount(to, count + from.Length);
        from.CopyTo(CollectionsMarshal.AsSpan(to)[count..]);
    }
}
