using System.Diagnostics;
using System.Text;
using System.Text.Json;
using SglNative.Testing;

namespace SglNative.Tokenizers.Tests.Oracle;

/// <summary>The Hugging Face tokenizers library in a process of its own: scripts/node/reference.mjs.</summary>
internal sealed class ReferenceLibrary : IDisposable
{
    private readonly Process _process;

    private ReferenceLibrary(Process process) => _process = process;

    private static string Folder => Path.Combine(TestFiles.Root, "scripts", "node");

    public static ReferenceLibrary Start()
    {
        if (!Directory.Exists(Path.Combine(Folder, "node_modules", "tokenizers"))) Assert.Skip("the reference library is not installed: npm ci --prefix scripts/node");
        try
        {
            var process = Process.Start(new ProcessStartInfo("node", Path.Combine(Folder, "reference.mjs"))
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                StandardInputEncoding = new UTF8Encoding(false),
                StandardOutputEncoding = new UTF8Encoding(false),
            });
            return new ReferenceLibrary(process!);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("there is no node to run the reference library with");
            throw;
        }
    }

    public JsonElement Ask(object question)
    {
        _process.StandardInput.WriteLine(JsonSerializer.Serialize(question));
        _process.StandardInput.Flush();
        using var answer = JsonDocument.Parse(_process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("the reference library ended"));
        if (answer.RootElement.TryGetProperty("error", out var error)) throw new InvalidOperationException($"the reference library says: {error}");
        return answer.RootElement.Clone();
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }
}
