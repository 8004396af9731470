using System.Runtime.InteropServices;
using System.Text.Json;
using SglNative.Core.Configuration;
using SglNative.Core.Tensors;
using SglNative.Cpu;
using SglNative.Models.Batches;
using SglNative.Models.Layers;
using SglNative.Models.Modules;

namespace SglNative.Models.Tests.Layers;

/// <summary>The tables that queries and keys are rotated by, as transformers has them; see make_rope_tables.py.</summary>
public class RotaryEmbeddingTests
{
    private static readonly JsonElement Cases = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Layers", "rope-tables.json"))).RootElement;

    public static TheoryData<int> Indices { get; } = [.. Enumerable.Range(0, Cases.GetArrayLength())];

    [Theory]
    [MemberData(nameof(Indices))]
    public void Cosines_and_sines_are_those_of_transformers(int index)
    {
        var one = Cases[index];
        var config = ModelUnderTest.Config(one.GetProperty("golden").GetString()!);
        int[] positions = [.. one.GetProperty("positions").EnumerateArray().Select(value => value.GetInt32())];
        using var backend = new CpuBackend(new CpuOptions { Threads = 1 });
        var build = new ModelBuild(backend, DType.Float32, config.GetInt("max_position_embeddings"));
        var headDim = config.FindInt("head_dim") ?? config.GetInt("hidden_size") / config.GetInt("num_attention_heads");
        var rope = RotaryEmbedding.Create(build.Root, RopeConfig.From(config), headDim);
        build.Loaded();

        // Ones in the first half, zeros in the second: rotated, the halves hold the cosines and the sines.
        var isLong = one.GetProperty("length").GetInt32() > build.RotarySwitch;
        var rows = positions.Select(position => isLong ? position + build.MaxPositions : position).ToArray();
        var rotary = Upload(backend, MemoryMarshal.AsBytes(rows.AsSpan()), DType.Int32, rows.Length);
        var x = new float[rows.Length * headDim];
        for (var i = 0; i < x.Length; i++) x[i] = i % headDim < headDim / 2 ? 1 : 0;
        var q = Upload(backend, MemoryMarshal.AsBytes(x.AsSpan()), DType.Float32, rows.Length, 1, headDim);
        var k = Upload(backend, MemoryMarshal.AsBytes(x.AsSpan()), DType.Float32, rows.Length, 1, headDim);
        rope.Forward(new ForwardBatch(backend.Ops, []) { RotaryPositions = rotary }, q, k);

        var rotated = new float[x.Length];
        backend.Download(q, MemoryMarshal.AsBytes(rotated.AsSpan()));
        for (var row = 0; row < rows.Length; row++)
            for (var i = 0; i < headDim / 2; i++)
            {
                // Angles of hundreds of radians are off by what float32 makes of them.
                Assert.Equal(one.GetProperty("cos")[row][i].GetSingle(), rotated[row * headDim + i], 1e-4);
                Assert.Equal(one.GetProperty("sin")[row][i].GetSingle(), rotated[row * headDim + headDim / 2 + i], 1e-4);
            }
    }

    [Fact]
    public void Layers_of_the_same_settings_share_a_table_and_its_bytes_are_known_before()
    {
        using var model = ModelUnderTest.Of(ModelUnderTest.Config("llama2"), maxPositions: 1000);
        Assert.Equal(1000 * 16 * sizeof(float), model.Build.ReservedBytes);
        using var two = ModelUnderTest.Of(ModelUnderTest.Config("wide_rope_longrope"), maxPositions: 1000);
        Assert.Equal(2 * 1000 * 32 * sizeof(float), two.Build.ReservedBytes);
        Assert.Equal(64, two.Build.RotarySwitch);
    }

    private static Tensor Upload(CpuBackend backend, ReadOnlySpan<byte> bytes, DType dtype, params ReadOnlySpan<long> dims)
    {
        var tensor = backend.Allocate(new Shape(dims), dtype);
        backend.Upload(bytes, tensor);
        return tensor;
    }
}
