using System.Text;

namespace SglNative.Tokenizers.Tests;

/// <summary>Random Unicode texts that mix what tokenizers treat differently: words, spaces, digits, marks, scripts, emoji, controls, tokens.</summary>
internal sealed class RandomText(int seed)
{
    private static readonly string[] Fragments =
    [
        "the ", " fox", "Hello", " world", "I'm", "they'RE", "  ", "\n", "\n\n", "\t", "\r\n", " ", "123", "4567.8", "½", "²", "é", "e\u0301", "ß", "İ", "ﬁ", "Å", "中文", "你好，", "こんに", "カー", "한국", "각",
        "привет", "مرحبا", "שלום", "हिन्दी", "ไทย", "😀", "👨‍👩‍👧", "🇩🇪", "👍🏽", "𝐀", "𐐀", "\u0300", "\u200d", "\u200b", "\u00a0", "\u3000", "\u2028", "\0", "\u0001", "\u007f", "\u0085", "\ufeff", "\ufffd", "▁", "▁▁", "<s>",
        "</s>", "<unk>", "[MASK]", "<|im_start|>", "<|endoftext|>", "<0xE4>", "##", "</w>", ".", ",", "!", "?", "...", "'s", "\"", "(x)", "{}", "=>", "//", "_", "-", "#", "@", "$", "%", "&", "*", "+", "/", "\\", "|", "~", "`", "^",
    ];

    private readonly Random _random = new(seed);

    public string Next(int maxParts = 8)
    {
        var text = new StringBuilder();
        for (var parts = _random.Next(maxParts + 1); parts > 0; parts--)
        {
            switch (_random.Next(6))
            {
                case < 4: text.Append(Fragments[_random.Next(Fragments.Length)]); break;
                case 4: text.Append((char)_random.Next(32, 127)); break;
                default: text.Append(RandomRune()); break;
            }
        }
        return text.ToString();
    }

    private Rune RandomRune()
    {
        while (true)
        {
            var limit = _random.Next(5) switch { 0 => 0x250, 1 => 0x3000, 2 => 0x10000, 3 => 0x20000, _ => 0x110000 };
            if (Rune.TryCreate(_random.Next(limit), out var rune)) return rune;
        }
    }
}
