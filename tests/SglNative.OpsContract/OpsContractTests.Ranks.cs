using SglNative.Core.Tensors;
using SglNative.Models.Parallelism;

namespace SglNative.OpsContract;

public abstract partial class OpsContractTests
{
    [Fact]
    public void A_single_rank_has_nobody_to_add_up_with()
    {
        Assert.Equal(ParallelContext.Single, Backend.Parallel);
        var x = Upload(Numbers.Random(3 * 20, 1), DType.Float32, 3, 20);
        Assert.Equal(x, Ops.AllReduce(x));
        Assert.Equal(x, Ops.AllGather(x, 20));
        Assert.Equal(0, Ops.Meetings);
        Assert.Throws<ArgumentOutOfRangeException>(() => Ops.AllGather(x, 21));
    }

    [Fact]
    public void Shares_of_a_table_add_up_to_the_embedding()
    {
        foreach (var table in ActivationTypes)
            foreach (var width in (int[])[1, 8, 100, 257])
            {
                var rows = Numbers.Rounded(Numbers.Random(11 * width, width), table);
                int[] ids = [10, 0, 3, 3, 7, 6, 4];
                var device = UploadInts(ids);
                var sum = new float[ids.Length * width];
                foreach (var (first, count) in ((int, int)[])[(0, 4), (4, 3), (7, 4)])
                {
                    var share = Ops.EmbeddingShare(device, Upload(rows[(first * width)..((first + count) * width)], table, count, width), first, DType.Float32);
                    var found = Download(share);
                    for (var i = 0; i < sum.Length; i++)
                    {
                        if (ids[i / width] < first || ids[i / width] >= first + count) Assert.Equal(0, found[i]);
                        sum[i] += found[i];
                    }
                }
                Assert.Equal(ids.SelectMany(id => rows.AsSpan(id * width, width).ToArray()), sum);
            }
    }

    [Fact]
    public void A_norm_of_rows_that_are_cut_is_the_norm_of_the_rows()
    {
        foreach (var dtype in ActivationTypes)
            foreach (var (rows, width) in RowShapes)
            {
                // The left part of each row lies among other columns, the right part by itself.
                var (left, right) = (width / 3, width - width / 3);
                var x = Numbers.Random(rows * width, width);
                var weight = Numbers.Rounded(Numbers.Random(width, 3), dtype);
                var whole = Upload(x, DType.Float32, rows, width);
                var parts = new[] { whole.Slice(1, 0, left), Ops.Cast(whole.Slice(1, left, right), DType.Float32) };
                float[] squares = [.. Download(Ops.RowSquares(parts[0])).Zip(Download(Ops.RowSquares(parts[1])), (a, b) => a + b)];
                AssertClose(squares, Reference.RowSquares(x, width), 1e-5, $"{rows}x{width}");
                var sums = Upload(squares, DType.Float32, rows, 1);
                Ops.RmsNormInPlace(parts[0], Upload(weight[..left], dtype, left), sums, width, 1e-5f, 1);
                Ops.RmsNormInPlace(parts[1], Upload(weight[left..], dtype, right), sums, width, 1e-5f, 1);
                var (found, other) = (Download(whole), Download(parts[1]));
                for (var row = 0; row < rows; row++) other.AsSpan(row * right, right).CopyTo(found.AsSpan(row * width + left));
                AssertClose(found, Reference.RmsNorm(x, weight, 1e-5, 1, width), Tolerance(DType.Float32), $"{dtype} {rows}x{width}");
            }
    }
}
