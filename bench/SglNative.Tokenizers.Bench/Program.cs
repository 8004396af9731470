// Compares tokenizing, loading and template rendering with the reference implementations, in one run on one machine:
//
//   dotnet run -c Release --project bench/SglNative.Tokenizers.Bench -- TOKENIZERS [--rounds N] [--only NAME] [--text FILE] [--templates DIR]
//
// TOKENIZERS is what scripts/fetch-tokenizers.sh filled; the references are installed with `npm ci --prefix scripts/node`. The two
// sides take turns, and what is compared is the processor time that each process spent, since other work may be on the machine.

using SglNative.Tokenizers.Bench;

if (args.Length == 0 || args[0].StartsWith('-'))
{
    Console.Error.WriteLine("usage: SglNative.Tokenizers.Bench TOKENIZERS [--rounds N] [--only NAME] [--text FILE] [--templates DIR]");
    return 1;
}
string? Option(string name) => Array.IndexOf(args, name) is >= 0 and var i && i + 1 < args.Length ? args[i + 1] : null;
var rounds = int.Parse(Option("--rounds") ?? "11", System.Globalization.CultureInfo.InvariantCulture);
var text = Option("--text") is { } file ? File.ReadAllText(file) : MixedText.Create();
using var reference = new ReferenceProcess();
Console.WriteLine($"{DateTime.UtcNow:yyyy-MM-dd HH:mm} UTC, {text.Length} characters, {rounds} rounds, processor milliseconds: median [quartiles]");
Console.WriteLine($"{"",-12} {"what",-14} {"sgl-native",-24} {"reference",-24} ratio (reference / sgl-native)");
foreach (var name in TokenizerComparison.Names)
    if (Option("--only") is not { } only || only == name) TokenizerComparison.Run(args[0], name, text, rounds, reference);
if (Option("--templates") is { } templates) TemplateComparison.Run(templates, rounds, reference);
return 0;
