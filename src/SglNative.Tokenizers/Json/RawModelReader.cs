using System.Text;
using System.Text.Json;
using SglNative.Core;
using SglNative.Tokenizers.Text;
using SglNative.Tokenizers.Vocabularies;

namespace SglNative.Tokenizers.Json;

/// <summary>Reads the "model" of a tokenizer.json token by token, since its vocabulary and merges are nearly all of the file.</summary>
internal sealed class RawModelReader
{
    private readonly RawModel _model = new();
    private readonly TextBuffer _left = new();
    private readonly TextBuffer _right = new();
    private byte[] _scratch = new byte[256];

    /// <summary>Reads an object; the reader stands at its start and is left at its end.</summary>
    public RawModel Read(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject) throw new SglException("model: should be an object");
        Utf8JsonReader merges = default;
        var hasMerges = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isVocabulary = reader.ValueTextEquals("vocab"u8);
            var isMerges = reader.ValueTextEquals("merges"u8);
            var name = reader.GetString()!;
            reader.Read();
            if (isVocabulary) ReadVocabulary(ref reader);
            else if (isMerges)
            {
                // Merges name tokens and depend on a setting: they are read when all else is known.
                merges = reader;
                hasMerges = reader.TokenType == JsonTokenType.StartArray;
                reader.Skip();
            }
            else _model.Settings[name] = JsonElement.ParseValue(ref reader);
        }
        if (hasMerges) ReadMerges(ref merges);
        return _model;
    }

    private void ReadVocabulary(ref Utf8JsonReader reader)
    {
        var vocabulary = new Vocabulary(1024);
        if (reader.TokenType == JsonTokenType.StartObject)
        {
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var token = Value(ref reader);
                reader.Read();
                if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out var id))
                    throw new SglException($"model.vocab: the id of token \"{Encoding.UTF8.GetString(token)}\" is not a whole number");
                vocabulary.Add(token, id);
            }
        }
        else if (reader.TokenType == JsonTokenType.StartArray)
        {
            _model.Scores = [];
            while (reader.Read() && reader.TokenType == JsonTokenType.StartArray) ReadScored(ref reader, vocabulary, _model.Scores);
            if (reader.TokenType != JsonTokenType.EndArray)
                throw new SglException($"model.vocab[{_model.Scores.Count}]: should be a token and its score");
        }
        else throw new SglException("model.vocab: should be an object of ids or a list of scored tokens");
        _model.Vocabulary = vocabulary;
    }

    private void ReadScored(ref Utf8JsonReader reader, Vocabulary vocabulary, List<double> scores)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.String)
        {
            vocabulary.Add(Value(ref reader), scores.Count);
            reader.Read();
            if (reader.TokenType == JsonTokenType.Number)
            {
                scores.Add(reader.GetDouble());
                reader.Read();
                if (reader.TokenType == JsonTokenType.EndArray) return;
            }
        }
        throw new SglException($"model.vocab[{scores.Count}]: should be a token and its score");
    }

    private void ReadMerges(ref Utf8JsonReader reader)
    {
        var vocabulary = _model.Vocabulary ?? throw new SglException("model: the field \"vocab\" is missing");
        var prefix = Encoding.UTF8.GetByteCount(_model.Text("continuing_subword_prefix") ?? "");
        var merges = new MergeTable(vocabulary.Count);
        for (var rank = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray;)
        {
            var isPair = reader.TokenType == JsonTokenType.StartArray;
            if (isPair) ReadPair(ref reader, rank);
            else if (!ReadLine(ref reader, rank)) continue;
            var left = IdOf(_left.Span, vocabulary, rank);
            var right = IdOf(_right.Span, vocabulary, rank);
            if (_right.Length < prefix)
                throw new SglException($"model.merges[{rank}]: \"{Encoding.UTF8.GetString(_right.Span)}\" is shorter than continuing_subword_prefix");
            _left.Append(_right.Span[prefix..]);
            merges.Set(left, right, rank++, IdOf(_left.Span, vocabulary, rank - 1));
        }
        _model.Merges = merges;
    }

    private static int IdOf(ReadOnlySpan<byte> token, Vocabulary vocabulary, int rank)
    {
        var id = vocabulary.IdOf(token);
        return id >= 0 ? id : throw new SglException($"model.merges[{rank}]: \"{Encoding.UTF8.GetString(token)}\" is not in the vocabulary");
    }

    private void ReadPair(ref Utf8JsonReader reader, int rank)
    {
        foreach (var side in (ReadOnlySpan<TextBuffer>)[_left, _right])
        {
            reader.Read();
            if (reader.TokenType != JsonTokenType.String) throw NotPair(rank);
            side.Clear();
            side.Append(Value(ref reader));
        }
        reader.Read();
        if (reader.TokenType != JsonTokenType.EndArray) throw NotPair(rank);
    }

    /// <summary>"a b"; false for a version comment.</summary>
    private bool ReadLine(ref Utf8JsonReader reader, int rank)
    {
        if (reader.TokenType != JsonTokenType.String) throw NotPair(rank);
        var line = Value(ref reader);
        if (line.StartsWith("#version"u8)) return false;
        var space = line.IndexOf((byte)' ');
        if (space < 0 || line[(space + 1)..].Contains((byte)' ')) throw NotPair(rank);
        _left.Clear();
        _left.Append(line[..space]);
        _right.Clear();
        _right.Append(line[(space + 1)..]);
        return true;
    }

    private static SglException NotPair(int rank) => new($"model.merges[{rank}]: should be two tokens, as \"a b\" or [\"a\", \"b\"]");

    private ReadOnlySpan<byte> Value(ref Utf8JsonReader reader)
    {
        if (!reader.ValueIsEscaped) return reader.ValueSpan;
        if (_scratch.Length < reader.ValueSpan.Length) _scratch = new byte[reader.ValueSpan.Length * 2];
        try
        {
            return _scratch.AsSpan(0, reader.CopyString(_scratch));
        }
        catch (InvalidOperationException)
        {
            throw new SglException("model: a token is not valid Unicode (an unpaired surrogate)");
        }
    }
}
