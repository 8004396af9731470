using System.Diagnostics;
using System.Reflection.Metadata;
using System.Runtime.Loader;

namespace SglNative.Packaging.Tests;

/// <summary><c>--plugin-project</c> gives a debugger what it needs: nothing optimised away, and each place in the code by file and line.</summary>
public sealed class PluginProjectTests(Workspace workspace)
{
    [Fact]
    public async Task What_it_builds_can_be_debugged()
    {
        await workspace.SucceedAsync("dotnet new sgl-model -n Stops");
        var source = Path.Combine(workspace.Work, "Stops", "StopsForCausalLM.cs");
        var text = (await File.ReadAllTextAsync(source)).TrimEnd().TrimEnd('}') + """

                public override SglNative.Core.Tensors.Tensor Forward(SglNative.Models.Batches.ForwardBatch batch, SglNative.Core.Tensors.Tensor hidden)
                {
                    var tokens = batch.TokenCount;
                    throw new InvalidOperationException($"{tokens} token");
                }
            }

            """;
        await File.WriteAllTextAsync(source, text);
        var line = text[..text.IndexOf("throw new", StringComparison.Ordinal)].Split('\n').Length;
        const string Serve = "sgl-native serve --plugin-project Stops --model-path Stops/tests/Stops.Tests/checkpoint --skip-tokenizer-init --device cpu --port 0";
        var (code, output) = await workspace.RunAsync(Serve);
        Assert.True(code == 1, output);
        Assert.Contains($"error: the warm-up request failed, so nothing is served: StopsForCausalLM (Stops 1.0.0): InvalidOperationException: 1 token (Stops.StopsForCausalLM.Forward, {source}:{line}); --skip-server-warmup", output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);

        var built = Path.Combine(workspace.Work, "Stops/bin/Debug/net10.0/Stops.dll");
        var context = new AssemblyLoadContext("looked at", isCollectible: true);
        context.Resolving += (asking, name) => asking.LoadFromAssemblyPath(Path.Combine(Path.GetDirectoryName(built)!, $"{name.Name}.dll"));
        var debuggable = (DebuggableAttribute)Attribute.GetCustomAttribute(context.LoadFromAssemblyPath(built), typeof(DebuggableAttribute))!;
        Assert.True(debuggable.IsJITOptimizerDisabled);
        using var symbols = MetadataReaderProvider.FromPortablePdbStream(File.OpenRead(Path.ChangeExtension(built, ".pdb")));
        Assert.NotEmpty(symbols.GetMetadataReader().MethodDebugInformation);
        context.Unload();

        // What was built before is not taken for what is written now.
        await File.WriteAllTextAsync(source, text.Replace("batch.TokenCount;", "batch.Tokens;", StringComparison.Ordinal));
        var (refused, error) = await workspace.RunAsync(Serve);
        Assert.Equal(1, refused);
        Assert.Contains($"error: --plugin-project: Stops.csproj does not build: {source}({line - 1},", error, StringComparison.Ordinal);
        Assert.Contains("error CS1061", error, StringComparison.Ordinal);
    }
}
