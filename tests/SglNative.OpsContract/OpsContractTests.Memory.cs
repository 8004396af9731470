using SglNative.Core;
using SglNative.Core.Tensors;
using SglNative.Models.Backends;

namespace SglNative.OpsContract;

public abstract partial class OpsContractTests
{
    [Fact]
    public void Bytes_come_back_as_they_were_sent()
    {
        foreach (var count in (int[])[0, 1, 63, 1_000_003])
        {
            var bytes = new byte[count];
            new Random(count).NextBytes(bytes);
            var tensor = Allocate(DType.UInt8, count);
            Backend.Upload(bytes, tensor);
            Assert.Equal(bytes, DownloadBytes(tensor));
        }
    }

    [Fact]
    public void A_transfer_of_the_wrong_size_or_into_a_strided_tensor_is_refused()
    {
        var tensor = Allocate(DType.Float32, 4, 4);
        Assert.Throws<ArgumentException>(() => Backend.Upload(new byte[60], tensor));
        Assert.Throws<ArgumentException>(() => Backend.Download(tensor, new byte[68]));
        Assert.Throws<ArgumentException>(() => Backend.Upload(new byte[32], tensor.Slice(1, 0, 2)));
    }

    [Fact]
    public void Freeing_a_view_or_freeing_twice_is_refused()
    {
        var tensor = Backend.Allocate(new Shape(8, 8), DType.Float32);
        Assert.Throws<ArgumentException>(() => Backend.Free(tensor[3]));
        Backend.Free(tensor);
        Assert.Throws<ArgumentException>(() => Backend.Free(tensor));
    }

    [Fact]
    public void More_memory_than_there_is_ends_in_one_line()
    {
        var (total, free) = Backend.Memory;
        Assert.InRange(free, 1, total);
        var error = Assert.Throws<SglException>(() => Backend.Allocate(new Shape(total, 2), DType.Float32));
        Assert.DoesNotContain('\n', error.Message);
        Assert.Contains("memory", error.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Filling_sets_every_element()
    {
        foreach (var dtype in ActivationTypes)
            foreach (var count in (int[])[1, 7, 100_001])
            {
                var tensor = Allocate(dtype, count);
                Backend.Fill(tensor, 0.3f);
                Assert.Equal(Enumerable.Repeat(Numbers.Rounded([0.3f], dtype)[0], count), Download(tensor));
            }
    }

    [Fact]
    public void Normal_numbers_follow_their_formula_on_every_backend()
    {
        foreach (var dtype in ActivationTypes)
            foreach (var count in (int[])[1, 5, 200_001])
            {
                var tensor = Allocate(dtype, count);
                Backend.FillNormal(tensor, 0.02f, 42);
                var expected = Enumerable.Range(0, count).Select(i =>
                {
                    var (first, second) = Backend.NormalPair(42, i / 2);
                    return 0.02 * (i % 2 == 0 ? first : second);
                }).ToArray();
                AssertClose(Download(tensor), expected, 2e-6 + 1.01 * Numbers.Roundoff(dtype), $"{dtype} x {count}");
            }
    }

    [Fact]
    public void Normal_numbers_are_normal()
    {
        const int count = 400_000;
        var tensor = Allocate(DType.Float32, count);
        Backend.FillNormal(tensor, 1, 7);
        var values = Download(tensor);
        Assert.Equal(0, values.Average(v => (double)v), 0.01);
        Assert.Equal(1, values.Average(v => (double)v * v), 0.01);
        Assert.Equal(3, values.Average(v => Math.Pow(v, 4)), 0.06);
        Assert.Equal(0.6827, values.Count(v => Math.Abs(v) < 1) / (double)count, 0.005);
        Assert.Equal(0, Enumerable.Range(0, count - 1).Average(i => (double)values[i] * values[i + 1]), 0.01);
        Backend.FillNormal(tensor, 1, 8);
        Assert.Equal(0, values.Zip(Download(tensor), (a, b) => (double)a * b).Average(), 0.01);
    }
}
