using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json.Nodes;

namespace SglNative.Tokenizers.Bench;

/// <summary>The reference implementations in a process of their own: scripts/node/reference.mjs, one JSON object a line each way.</summary>
internal sealed class ReferenceProcess : IDisposable
{
    private readonly Process _process;

    public ReferenceProcess()
    {
        var script = Path.GetFullPath(Path.Combine(SourceFolder(), "..", "..", "scripts", "node", "reference.mjs"));
        _process = Process.Start(new ProcessStartInfo("node", ["--expose-gc", script])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            StandardInputEncoding = new UTF8Encoding(false),
            StandardOutputEncoding = new UTF8Encoding(false),
        })!;
    }

    public JsonNode Ask(JsonObject question)
    {
        _process.StandardInput.WriteLine(question.ToJsonString());
        _process.StandardInput.Flush();
        var answer = JsonNode.Parse(_process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("the reference ended"))!;
        return answer["error"] is { } error ? throw new InvalidOperationException($"the reference says: {error}") : answer;
    }

    /// <summary>The processor milliseconds that the answer took.</summary>
    public double Time(JsonObject question) => Ask(question)["cpu_us"]!.GetValue<double>() / 1000;

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }

    private static string SourceFolder([CallerFilePath] string source = "") => Path.GetDirectoryName(source)!;
}
