using SglNative.Core;
using SglNative.Interop.Kernels;

namespace SglNative.Interop.Tests.Kernels;

public sealed class KernelCacheTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sgl-kernel-cache-").FullName;

    public void Dispose()
    {
        if (Directory.Exists(_folder)) Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void A_second_process_finds_what_the_first_compiled()
    {
        var toolchain = new FakeToolchain();
        var first = new KernelCache(_folder).GetOrCompile(TestKernels.Scale, toolchain);
        var second = new KernelCache(_folder).GetOrCompile(TestKernels.Scale, toolchain);
        Assert.Equal(1, toolchain.Compilations);
        Assert.True(first.Code.Span.SequenceEqual(second.Code.Span));
        Assert.Equal(first.Symbols, second.Symbols);
        Assert.Equal("log of compilation 1", second.Log);
        Assert.Equal(first.Path, second.Path);
    }

    [Fact]
    public void The_entry_holds_source_headers_image_and_log_side_by_side()
    {
        var image = new KernelCache(_folder).GetOrCompile(TestKernels.Scale, new FakeToolchain());
        var entry = Path.GetDirectoryName(Path.GetDirectoryName(image.Path!)!)!;
        var files = Directory.GetFiles(entry, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(entry, f).Replace('\\', '/'));
        Assert.Equal(
            ["compile.log", "manifest.json", "math/base.cuh", "math/scale.cu", "math/scale.cubin", "math/twice.cuh"], files.Order(StringComparer.Ordinal));
        Assert.StartsWith("math_scale-", Path.GetFileName(entry), StringComparison.Ordinal);
        Assert.Equal(TestKernels.ScaleText, File.ReadAllText(Path.Combine(entry, "math", "scale.cu")));
        Assert.Empty(Directory.GetDirectories(Path.Combine(_folder, ".tmp")));
    }

    public static TheoryData<string> Changes => ["identity", "architecture", "flag", "define", "define value", "instantiation", "text", "header of a header"];

    [Theory]
    [MemberData(nameof(Changes))]
    public void Whatever_can_change_the_image_changes_the_key(string change)
    {
        var texts = TestKernels.Texts;
        var source = new KernelSource("math/scale.cu", KernelLibrary.FromTexts(texts), ["a", "b"]) { Defines = new Dictionary<string, string> { ["X"] = "1" } };
        var before = Key(source, new FakeToolchain());
        Assert.Equal(before, Key(source, new FakeToolchain()));
        var toolchain = new FakeToolchain();
        switch (change)
        {
            case "identity": toolchain = new FakeToolchain { Identity = "fake 1.1" }; break;
            case "architecture": toolchain = new FakeToolchain { Architecture = "sm_80" }; break;
            case "flag": source = source with { Flags = ["-lineinfo"] }; break;
            case "define": source = source with { Defines = new Dictionary<string, string> { ["X"] = "1", ["Y"] = "1" } }; break;
            case "define value": source = source with { Defines = new Dictionary<string, string> { ["X"] = "2" } }; break;
            case "instantiation": source = source with { Instantiations = ["a", "c"] }; break;
            case "text": texts["math/scale.cu"] += " "; break;
            default: texts["math/base.cuh"] += " "; break;
        }
        Assert.NotEqual(before, Key(source with { Library = KernelLibrary.FromTexts(texts) }, toolchain));
    }

    [Fact]
    public void The_same_parts_split_differently_have_different_keys()
    {
        var source = TestKernels.VectorAdd;
        Assert.NotEqual(Key(source with { Instantiations = ["ab", "c"] }, new FakeToolchain()), Key(source with { Instantiations = ["a", "bc"] }, new FakeToolchain()));
        Assert.NotEqual(
            Key(source with { Flags = ["-x"] }, new FakeToolchain()),
            Key(source with { Instantiations = ["-x", .. source.Instantiations] }, new FakeToolchain()));
    }

    public static TheoryData<string> Damages => ["no manifest", "empty manifest", "manifest is no JSON", "no image", "short image", "changed image", "empty folder", "no log"];

    [Theory]
    [MemberData(nameof(Damages))]
    public void A_damaged_entry_is_made_anew(string damage)
    {
        var toolchain = new FakeToolchain();
        var image = new KernelCache(_folder).GetOrCompile(TestKernels.VectorAdd, toolchain);
        var entry = Path.GetDirectoryName(image.Path!)!;
        string manifest = Path.Combine(entry, "manifest.json"), path = image.Path!;
        switch (damage)
        {
            case "no manifest": File.Delete(manifest); break;
            case "empty manifest": File.WriteAllText(manifest, ""); break;
            case "manifest is no JSON": File.WriteAllText(manifest, "{\"Kernel\":"); break;
            case "no image": File.Delete(path); break;
            case "short image": File.WriteAllBytes(path, image.Code.ToArray()[..^1]); break;
            case "changed image": File.WriteAllBytes(path, [(byte)(image.Code.Span[0] ^ 1), .. image.Code.ToArray()[1..]]); break;
            case "no log": File.Delete(Path.Combine(entry, "compile.log")); break;
            default:
                Directory.Delete(entry, recursive: true);
                Directory.CreateDirectory(entry);
                break;
        }
        var again = new KernelCache(_folder).GetOrCompile(TestKernels.VectorAdd, toolchain);
        Assert.Equal(2, toolchain.Compilations);
        Assert.True(image.Code.Span.SequenceEqual(again.Code.Span));
        Assert.Equal(2, toolchain.Compilations);
        new KernelCache(_folder).GetOrCompile(TestKernels.VectorAdd, toolchain);
        Assert.Equal(2, toolchain.Compilations);
        Assert.Empty(Directory.GetDirectories(Path.Combine(_folder, ".tmp")));
    }

    [Fact]
    public void Who_loses_a_race_uses_the_winners_entry()
    {
        var other = new FakeToolchain();
        KernelImage? theirs = null;
        var slow = new FakeToolchain { WhileCompiling = _ => theirs = new KernelCache(_folder).GetOrCompile(TestKernels.VectorAdd, other) };
        var ours = new KernelCache(_folder).GetOrCompile(TestKernels.VectorAdd, slow);
        Assert.Equal((1, 1), (slow.Compilations, other.Compilations));
        Assert.Equal(theirs!.Path, ours.Path);
        Assert.Single(Directory.GetDirectories(_folder), d => !d.EndsWith(".tmp", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Many_at_once_agree()
    {
        var toolchain = new FakeToolchain { WhileCompiling = _ => Thread.Sleep(5) };
        var caches = Enumerable.Range(0, 4).Select(_ => new KernelCache(_folder)).ToArray();
        var images = await Task.WhenAll(Enumerable.Range(0, 16).Select(i =>
            Task.Run(() => caches[i % 4].GetOrCompile(TestKernels.Scale, toolchain), TestContext.Current.CancellationToken)));
        Assert.Single(images.Select(i => i.Path).Distinct());
        Assert.InRange(toolchain.Compilations, 1, 4);
    }

    [Fact]
    public void A_failed_compilation_leaves_nothing_and_may_be_tried_again()
    {
        var cache = new KernelCache(_folder);
        var source = TestKernels.Of("#error", "k");
        for (var i = 0; i < 2; i++)
            Assert.StartsWith("test.cu does not compile: error: #error",
                Assert.Throws<KernelCompilationException>(() => cache.GetOrCompile(source, new FakeToolchain())).Message, StringComparison.Ordinal);
        Assert.Equal(2, cache.CompiledCount);
        Assert.Empty(Directory.GetDirectories(Path.Combine(_folder, ".tmp")));
    }

    [Fact]
    public void What_a_killed_process_left_is_removed_after_a_day()
    {
        string old = Path.Combine(_folder, ".tmp", "old"), fresh = Path.Combine(_folder, ".tmp", "fresh");
        Directory.CreateDirectory(old);
        Directory.CreateDirectory(fresh);
        Directory.SetLastWriteTimeUtc(old, DateTime.UtcNow.AddDays(-2));
        new KernelCache(_folder).GetOrCompile(TestKernels.VectorAdd, new FakeToolchain());
        Assert.False(Directory.Exists(old));
        Assert.True(Directory.Exists(fresh));
    }

    [Fact]
    public void A_folder_that_cannot_be_made_is_the_users_to_change()
    {
        var file = Path.Combine(_folder, "file");
        File.WriteAllText(file, "");
        var error = Assert.Throws<SglException>(() => new KernelCache(file).GetOrCompile(TestKernels.VectorAdd, new FakeToolchain()));
        Assert.Contains(file, error.Message, StringComparison.Ordinal);
        Assert.Contains("SGL_NATIVE_CACHE", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Theory]
    [InlineData("SGL_NATIVE_CACHE=/c;XDG_CACHE_HOME=/x;HOME=/h", "/c")]
    [InlineData("XDG_CACHE_HOME=/x;HOME=/h", "/x/sgl-native/kernels")]
    [InlineData("XDG_CACHE_HOME=relative;HOME=/h", "/h/.cache/sgl-native/kernels")]
    [InlineData("HOME=/h", "/h/.cache/sgl-native/kernels")]
    public void The_folder_follows_the_environment(string variables, string expected)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "paths are of Unix");
        var environment = variables.Split(';').Select(v => v.Split('=')).ToDictionary(v => v[0], v => v[1]);
        Assert.Equal(expected, KernelCacheFolder.Find(environment.GetValueOrDefault));
    }

    private static string Key(KernelSource source, IKernelToolchain toolchain) =>
        KernelCacheKey.Compute(source, KernelSourceTree.Collect(source), toolchain);
}
