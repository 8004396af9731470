using System.IO.Compression;
using System.Text;
using SglNative.Core;
using SglNative.Interop.Cuda;
using SglNative.Interop.Kernels;

namespace SglNative.Interop.Tests.Kernels;

public sealed class KernelPackTests : IDisposable
{
    private static readonly KernelSource Float = TestKernels.Scale with { Instantiations = ["sgl::scale<float, 3>"] };

    private readonly string _folder = Directory.CreateTempSubdirectory("sgl-kernel-pack-").FullName;

    private string Archive => Path.Combine(_folder, KernelPack.FileName);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void What_was_written_is_found_by_architecture()
    {
        KernelPackWriter.Write(Archive, "nvcc 12.4.131", [(Float, Portable(Float, "compute_80")), (Float, Portable(Float, "compute_90")), (TestKernels.VectorAdd, Portable(TestKernels.VectorAdd, "compute_80"))]);
        using var pack = KernelPack.Open(Archive);
        Assert.Equal(("nvcc 12.4.131", 3), (pack.Compiler, pack.Count));
        Assert.Equal(["compute_80", "compute_90"], pack.Architectures);
        var image = pack.Find(Float, "compute_90", out var reason);
        Assert.Null(reason);
        Assert.Equal((KernelImageFormat.Ptx, "compute_90"), (image!.Format, image.Architecture));
        Assert.Equal("_ZN3sgl5scaleIfLi3EEEvPT_i", image.Symbols["sgl::scale<float, 3>"]);
        Assert.Equal(0, image.Code.Span[^1]);
        Assert.Null(pack.Find(TestKernels.VectorAdd, "compute_90", out reason));
        Assert.Contains("vector_add of vector_add.cu for compute_90 is not in the kernel pack", reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Many_threads_read_at_once()
    {
        KernelPackWriter.Write(Archive, "nvcc", [(Float, Portable(Float, "compute_80")), (TestKernels.VectorAdd, Portable(TestKernels.VectorAdd, "compute_80"))]);
        using var pack = KernelPack.Open(Archive);
        Parallel.For(0, 64, i => Assert.NotNull(pack.Find(i % 2 == 0 ? Float : TestKernels.VectorAdd, "compute_80", out _)));
    }

    [Theory]
    [InlineData("math/scale.cu")]
    [InlineData("math/base.cuh")]
    public void A_pack_of_other_sources_is_not_used(string changed)
    {
        KernelPackWriter.Write(Archive, "nvcc", [(Float, Portable(Float, "compute_80"))]);
        using var pack = KernelPack.Open(Archive);
        var texts = TestKernels.Texts;
        texts[changed] += "// another version\n";
        Assert.Null(pack.Find(Float with { Library = KernelLibrary.FromTexts(texts) }, "compute_80", out var reason));
        Assert.Contains($"another {changed}", reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_source_with_flags_of_its_own_is_not_taken_from_a_pack()
    {
        KernelPackWriter.Write(Archive, "nvcc", [(Float, Portable(Float, "compute_80"))]);
        using var pack = KernelPack.Open(Archive);
        Assert.Null(pack.Find(Float with { Flags = ["-lineinfo"] }, "compute_80", out _));
        Assert.Null(pack.Find(Float with { Defines = new Dictionary<string, string> { ["X"] = "1" } }, "compute_80", out _));
        Assert.Throws<ArgumentException>(() => KernelPackWriter.Write(Archive, "nvcc", [(TestKernels.Scale, Portable(Float, "compute_80"))]));
    }

    [Theory]
    [InlineData(80, "sm_80")]
    [InlineData(86, "compute_80")]
    [InlineData(90, "sm_90a")]
    [InlineData(100, "compute_90")]
    [InlineData(75, null)]
    public void The_best_for_a_chip_is_its_own_code_else_the_newest_portable(int capability, string? expected)
    {
        KernelPackWriter.Write(Archive, "nvcc", [.. ((string[])["compute_80", "compute_90", "sm_80", "sm_90a"]).Select(a => (Float, Portable(Float, a)))]);
        using var pack = KernelPack.Open(Archive);
        Assert.Equal(expected, pack.ArchitectureFor(capability));
    }

    [Theory]
    [InlineData(90, null, null, "sm_90a")]
    [InlineData(80, null, null, "sm_80")]
    [InlineData(90, null, "sm_90a", "sm_90a")]
    [InlineData(90, "sm_90a", null, "sm_90a")]
    [InlineData(100, "compute_90", null, "compute_90")]
    [InlineData(100, "compute_90", "sm_100a", "sm_100a")]
    [InlineData(120, "sm_120a", "compute_90", "sm_120a")]
    [InlineData(100, "compute_80", "compute_90", "compute_90")]
    [InlineData(130, "compute_100", "compute_90", "compute_100")]
    [InlineData(100, "compute_90", "compute_90", "compute_90")]
    public void Machine_code_comes_before_portable_code_whoever_has_it(int capability, string? packed, string? compiled, string expected) =>
        Assert.Equal(expected, CudaDeviceProvider.Architecture(capability, packed, compiled));

    public static TheoryData<string> Damages => ["missing", "no archive", "no manifest", "manifest is no JSON", "another layout"];

    [Theory]
    [MemberData(nameof(Damages))]
    public void What_is_no_pack_is_refused_in_one_line(string damage)
    {
        switch (damage)
        {
            case "missing": break;
            case "no archive": File.WriteAllText(Archive, "no archive"); break;
            default:
                using (var archive = ZipFile.Open(Archive, ZipArchiveMode.Create))
                using (var stream = archive.CreateEntry(damage == "no manifest" ? "other" : "pack.json").Open())
                    stream.Write(damage == "another layout" ? "{\"layout\":9,\"compiler\":\"x\",\"files\":{},\"kernels\":[]}"u8 : "{"u8);
                break;
        }
        var error = Assert.Throws<SglException>(() => KernelPack.Open(Archive));
        Assert.Contains(Archive, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void An_image_that_does_not_hold_its_kernel_is_damage()
    {
        KernelPackWriter.Write(Archive, "nvcc", [(Float, Portable(TestKernels.VectorAdd, "compute_80"))]);
        using var pack = KernelPack.Open(Archive);
        Assert.Contains("is damaged", Assert.Throws<SglException>(() => pack.Find(Float, "compute_80", out _)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_options_name_a_pack_or_none()
    {
        Assert.Null(KernelPack.Find(new DeviceOptions { KernelPack = "" }));
        Assert.Null(KernelPack.Find(DeviceOptions.Default));
        Assert.Throws<SglException>(() => KernelPack.Find(new DeviceOptions { KernelPack = Archive }));
        KernelPackWriter.Write(Archive, "nvcc", [(Float, Portable(Float, "compute_80"))]);
        using var named = KernelPack.Find(new DeviceOptions { KernelPack = Archive });
        Assert.Equal(Archive, named!.Path);
    }

    [Fact]
    public void The_pack_beside_the_program_is_preferred_to_compiling()
    {
        KernelPackWriter.Write(Archive, "nvcc", [(Float, Portable(Float, "compute_90"))]);
        var options = new DeviceOptions { CacheFolder = _folder };
        var toolchain = new FakeToolchain { Architecture = "compute_90" };
        using var supply = new KernelSupply(KernelPack.Find(options, _folder), "compute_90", hasCompiler: true, options, () => toolchain);
        Assert.Equal((KernelImageFormat.Ptx, 0), (supply.Find(Float).Format, toolchain.Compilations));
        // What the pack does not hold is compiled; so is everything where flags were asked for.
        Assert.Equal((KernelImageFormat.Cubin, 1), (supply.Find(TestKernels.VectorAdd).Format, toolchain.Compilations));
        options = options with { CompilerFlags = ["-lineinfo"] };
        using var flagged = new KernelSupply(KernelPack.Find(options, _folder), "compute_90", hasCompiler: true, options, () => toolchain);
        Assert.Equal((KernelImageFormat.Cubin, 2), (flagged.Find(Float).Format, toolchain.Compilations));
        options = options with { CompilerFlags = [], CompileKernels = false };
        using var packed = new KernelSupply(KernelPack.Find(options, _folder), "compute_90", hasCompiler: true, options, () => toolchain);
        Assert.Equal(KernelImageFormat.Ptx, packed.Find(Float).Format);
        Assert.Contains("vector_add of vector_add.cu for compute_90 is not in the kernel pack", Assert.Throws<SglException>(() => packed.Find(TestKernels.VectorAdd)).Message, StringComparison.Ordinal);
        File.Delete(Archive);
        Assert.Null(KernelPack.Find(options, _folder));
    }

    private static KernelImage Portable(KernelSource source, string architecture)
    {
        var symbol = source.Instantiations[0] == "vector_add" ? "vector_add" : "_ZN3sgl5scaleIfLi3EEEvPT_i";
        return new KernelImage(source.Name, KernelImageFormat.Ptx, architecture, Encoding.UTF8.GetBytes($".version 8.4\n.visible .entry {symbol}(\n)\n{{ ret; }}\n\0"),
            new Dictionary<string, string> { [source.Instantiations[0]] = symbol });
    }
}
