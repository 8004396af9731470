using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using SglNative.Core.Checkpoints;
using SglNative.Core.Configuration;
using SglNative.Testing;

namespace SglNative.Core.Tests.Checkpoints;

/// <summary>
/// Whatever the bytes, a file is either refused with a user error or is safe to read to its last byte. SGL_FUZZ_ROUNDS makes the
/// seeded runs longer than those of every day.
/// </summary>
public sealed class SafetensorsFuzzTests : IDisposable
{
    private static readonly int Rounds = int.Parse(Environment.GetEnvironmentVariable("SGL_FUZZ_ROUNDS") ?? "1000", CultureInfo.InvariantCulture);

    private static readonly string[] Pieces =
    [
        "{", "}", "[", "]", ",", ":", "\"", "\"a\"", "\"dtype\"", "\"shape\"", "\"data_offsets\"", "\"__metadata__\"", "\"F32\"", "\"BF16\"", "\"U8\"", "0", "1", "4",
        "8", "-1", "1e3", "9223372036854775807", "18446744073709551615", "0.5", "null", "true", " ", "\\u0000", "\"\\ud800\"", "\u00e9", "//",
        "\"a\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[0,4]}", "\"b\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[4,8]}",
    ];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Mutated_files_are_refused_or_sound()
    {
        var original = File.ReadAllBytes(Path.Combine(TestFiles.Golden("llama_yarn"), "model.safetensors"));
        var random = new Random(1);
        var sound = 0;
        for (var i = 0; i < Rounds; i++) sound += Survives(Mutate(original, random), i) ? 1 : 0;
        // Bits of the data may flip without harm; most damage to the header must not go unnoticed.
        Assert.InRange(sound, 1, Rounds * 0.6);
    }

    [Fact]
    public void Headers_of_random_pieces_are_refused_or_sound()
    {
        var random = new Random(2);
        for (var i = 0; i < Rounds; i++)
        {
            var header = new StringBuilder("{");
            for (var n = random.Next(12); n > 0; n--) header.Append(Pieces[random.Next(Pieces.Length)]);
            if (random.Next(2) == 0) header.Append('}');
            Survives(SafetensorsBytes.Of(header.ToString(), random.Next(10)), i);
        }
    }

    [Fact]
    public void Random_bytes_are_refused()
    {
        var random = new Random(3);
        for (var i = 0; i < Rounds; i++)
        {
            var bytes = new byte[random.Next(64)];
            random.NextBytes(bytes);
            if (bytes.Length >= 8 && random.Next(2) == 0) BinaryPrimitives.WriteUInt64LittleEndian(bytes, (ulong)random.Next(bytes.Length));
            Assert.False(Survives(bytes, i));
        }
    }

    [Fact]
    public void Nested_and_long_headers_are_refused_quickly()
    {
        foreach (var header in new[]
                 {
                     "{\"a\":" + new string('[', 2_000_000), "{" + string.Concat(Enumerable.Repeat("\"a\":", 300_000)), "{\"" + new string('x', 5_000_000),
                     "{" + string.Join(',', Enumerable.Range(0, 100_000).Select(i => $"\"{i}\":{{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}}")) + ",}",
                 })
            Assert.False(Survives(SafetensorsBytes.Of(header, 0), 0));
    }

    [Fact]
    public void Mutated_configurations_and_indices_are_refused_or_read()
    {
        var random = new Random(4);
        var config = File.ReadAllBytes(Path.Combine(TestFiles.Golden("llama_yarn"), "config.json"));
        var index = """{"metadata":{},"weight_map":{"a":"model-1.safetensors","b":"model-2.safetensors"}}"""u8.ToArray();
        for (var i = 0; i < Rounds; i++)
        {
            try
            {
                var checkpoint = new CheckpointConfig(JsonConfig.Parse(Mutate(config, random), "config.json"));
                _ = (checkpoint.DType, checkpoint.Quantization, GenerationConfig.From(checkpoint.Root, checkpoint));
                var rope = RopeConfig.From(checkpoint.Text);
                RopeFrequencies.Compute(rope, rope.RotaryDim(16), 4096);
            }
            catch (SglException e)
            {
                Assert.DoesNotContain('\n', e.Message);
            }
            try
            {
                WeightIndex.Parse(Mutate(index, random), "index.json");
            }
            catch (SglException e)
            {
                Assert.DoesNotContain('\n', e.Message);
            }
        }
    }

    private static byte[] Mutate(byte[] original, Random random)
    {
        var bytes = original.ToArray();
        var headerEnd = bytes.Length < 4096 ? bytes.Length : 8 + (int)BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        for (var n = random.Next(1, 4); n > 0; n--)
        {
            var at = random.Next(4) == 0 ? random.Next(bytes.Length) : random.Next(Math.Min(headerEnd, bytes.Length));
            switch (random.Next(6))
            {
                case 0: bytes[at] ^= (byte)(1 << random.Next(8)); break;
                case 1: bytes[at] = (byte)random.Next(256); break;
                case 2: bytes[at] = (byte)"{}[]\",:0123456789"[random.Next(17)]; break;
                case 3: bytes = bytes[..at]; break;
                case 4: bytes = [.. bytes[..at], .. bytes[random.Next(at + 1)..]]; break;
                default: bytes = [.. bytes, .. new byte[random.Next(1, 9)]]; break;
            }
            if (bytes.Length == 0) break;
        }
        return bytes;
    }

    /// <summary>True when the file was accepted; then it is opened, and every byte that a tensor claims is touched.</summary>
    private bool Survives(byte[] bytes, int round)
    {
        try
        {
            // Without the disk first: that lets many more rounds run.
            var length = SafetensorsHeader.ReadLength(bytes.AsSpan(0, Math.Min(8, bytes.Length)), bytes.Length, "fuzz");
            SafetensorsHeader.Parse(bytes.AsSpan(8, length), bytes.Length - 8 - length, "fuzz");
        }
        catch (SglException e)
        {
            Assert.False(e.Message.Contains('\n', StringComparison.Ordinal), $"round {round}: {e.Message}");
            return false;
        }
        using var file = SafetensorsFile.Open(_folder.Write("fuzz.safetensors", bytes));
        foreach (var tensor in file.Tensors.Values)
        {
            Assert.Equal(tensor.Shape.Count * Core.Tensors.DTypeExtensions.Size(tensor.DType), tensor.Bytes.Length);
            var sum = 0;
            foreach (var b in tensor.Bytes) sum += b;
            GC.KeepAlive(sum);
        }
        return true;
    }
}
