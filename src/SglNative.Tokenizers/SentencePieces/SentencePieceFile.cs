using System.Text;
using SglNative.Core;

namespace SglNative.Tokenizers.SentencePieces;

/// <summary>What a SentencePiece model file (tokenizer.model) says.</summary>
internal sealed class SentencePieceFile
{
    private readonly List<(byte[] Text, float Score, PieceType Type)> _pieces = [];

    private SentencePieceFile() { }

    /// <summary>The pieces by id.</summary>
    public IReadOnlyList<(byte[] Text, float Score, PieceType Type)> Pieces => _pieces;

    /// <summary>The id of the unknown piece.</summary>
    public int UnknownId { get; private set; } = -1;

    public SentencePieceKind Kind { get; private set; } = SentencePieceKind.Unigram;

    public bool ByteFallback { get; private set; }

    /// <summary>Whether the mark of a space belongs to the word before it.</summary>
    public bool SpaceIsSuffix { get; private set; }

    public byte[] CharacterMap { get; private set; } = [];

    public bool AddDummyPrefix { get; private set; } = true;

    public bool RemoveExtraSpaces { get; private set; } = true;

    public bool EscapeSpaces { get; private set; } = true;

    public string BosPiece { get; private set; } = "<s>";

    public string EosPiece { get; private set; } = "</s>";

    public string UnknownPiece { get; private set; } = "<unk>";

    public string PadPiece { get; private set; } = "<pad>";

    /// <exception cref="SglException">The content is no SentencePiece model, in one line.</exception>
    public static SentencePieceFile Read(ReadOnlySpan<byte> content)
    {
        var file = new SentencePieceFile();
        var reader = new ProtobufReader(content);
        while (reader.Next())
        {
            if (reader.Field == 1) file.ReadPiece(reader.Message());
            else if (reader.Field == 2) file.ReadTrainer(reader.Message());
            else if (reader.Field == 3) file.ReadNormalizer(reader.Message());
        }
        if (file._pieces.Count == 0) throw new SglException("no SentencePiece model: it holds no pieces");
        file.UnknownId = file._pieces.FindIndex(p => p.Type == PieceType.Unknown);
        if (file.UnknownId < 0) throw new SglException("the SentencePiece model has no unknown piece");
        return file;
    }

    private void ReadPiece(ReadOnlySpan<byte> message)
    {
        var reader = new ProtobufReader(message);
        var (text, score, type) = (Array.Empty<byte>(), 0f, PieceType.Normal);
        while (reader.Next())
        {
            if (reader.Field == 1) text = reader.Message().ToArray();
            else if (reader.Field == 2) score = reader.Single;
            else if (reader.Field == 3) type = (PieceType)reader.Number;
        }
        if (!Enum.IsDefined(type)) throw new SglException($"piece {_pieces.Count}: the type {(int)type} is unknown");
        if (text.Length == 0 || !System.Text.Unicode.Utf8.IsValid(text)) throw new SglException($"piece {_pieces.Count}: its text is empty or not UTF-8");
        if (!float.IsFinite(score)) throw new SglException($"piece {_pieces.Count}: its score is not a finite number");
        _pieces.Add((text, score, type));
    }

    private void ReadTrainer(ReadOnlySpan<byte> message)
    {
        var reader = new ProtobufReader(message);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 3:
                    Kind = (SentencePieceKind)reader.Number;
                    if (!Enum.IsDefined(Kind)) throw new SglException($"the model type {(int)Kind} is unknown; known are unigram, bpe, word, char");
                    break;
                case 24: SpaceIsSuffix = reader.Flag; break;
                case 35: ByteFallback = reader.Flag; break;
                case 45: UnknownPiece = Encoding.UTF8.GetString(reader.Message()); break;
                case 46: BosPiece = Encoding.UTF8.GetString(reader.Message()); break;
                case 47: EosPiece = Encoding.UTF8.GetString(reader.Message()); break;
                case 48: PadPiece = Encoding.UTF8.GetString(reader.Message()); break;
            }
        }
    }

    private void ReadNormalizer(ReadOnlySpan<byte> message)
    {
        var reader = new ProtobufReader(message);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 2: CharacterMap = reader.Message().ToArray(); break;
                case 3: AddDummyPrefix = reader.Flag; break;
                case 4: RemoveExtraSpaces = reader.Flag; break;
                case 5: EscapeSpaces = reader.Flag; break;
            }
        }
    }
}
