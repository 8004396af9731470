using SglNative.Core.Tensors;

namespace SglNative.OpsContract;

public abstract partial class OpsContractTests
{
    [Fact]
    public void Linear_agrees_over_shapes_types_and_biases()
    {
        int[] rows = [0, 1, 2, 3, 5, 8, 13, 70];
        int[] columns = [1, 3, 4, 66];
        int[] depths = [1, 8, 31, 64, 100, 1056];
        foreach (var (xType, weightType) in LinearTypes)
            foreach (var n in columns)
                foreach (var k in depths)
                {
                    var weight = Numbers.Rounded(Numbers.Random(n * k, n + k), weightType);
                    var bias = Numbers.Rounded(Numbers.Random(n, n), weightType);
                    var (weightTensor, biasTensor) = (Upload(weight, weightType, n, k), Upload(bias, weightType, n));
                    foreach (var m in rows)
                    {
                        var x = Numbers.Rounded(Numbers.Random(m * k, m), xType);
                        var tensor = Upload(x, xType, m, k);
                        AssertClose(Download(Ops.Linear(tensor, weightTensor)), Reference.Linear(x, weight, null, m, n, k), LinearTolerance(xType, weightType, xType), $"{xType}·{weightType} {m}x{n}x{k}");
                        var biased = Ops.Linear(tensor, weightTensor, biasTensor, DType.Float32);
                        Assert.Equal(DType.Float32, biased.DType);
                        AssertClose(Download(biased), Reference.Linear(x, weight, bias, m, n, k), LinearTolerance(xType, weightType, DType.Float32), $"{xType}·{weightType} {m}x{n}x{k} + bias, float32");
                    }
                }
    }

    /// <summary>Half the bits of x would be lost; of what is in the other half, the lower end.</summary>
    [Fact]
    public void Linear_of_two_terms_keeps_the_bits_of_its_input()
    {
        foreach (var type in LinearTypes.Select(types => types.Weight).Where(type => type != DType.Float32).Distinct())
            foreach (var (m, n, k) in ((int, int, int)[])[(0, 3, 8), (1, 1, 1), (3, 5, 31), (7, 66, 100), (40, 9, 264)])
            {
                var (x, stride) = (Numbers.Random(m * (k + 8), m), k + 8);
                var weight = Numbers.Rounded(Numbers.Random(n * k, n + k), type);
                var result = Ops.LinearOfTwoTerms(Upload(x, DType.Float32, m, stride).Slice(1, 8, k), Upload(weight, type, n, k));
                Assert.Equal(DType.Float32, result.DType);
                var dense = Enumerable.Range(0, m).SelectMany(r => x.AsSpan(r * stride + 8, k).ToArray()).ToArray();
                AssertClose(Download(result), Reference.Linear(dense, weight, null, m, n, k), 2 * Numbers.Roundoff(type) * Numbers.Roundoff(type) + 2e-6, $"{type} {m}x{n}x{k}");
            }
    }

    [Fact]
    public void Linear_takes_rows_with_gaps()
    {
        foreach (var (xType, weightType) in LinearTypes)
            foreach (var m in (int[])[1, 7, 40])
            {
                var (n, k, stride) = (24, 48, 80);
                var x = Numbers.Rounded(Numbers.Random(m * stride, m), xType);
                var weight = Numbers.Rounded(Numbers.Random(n * k, 9), weightType);
                var dense = Enumerable.Range(0, m).SelectMany(r => x.AsSpan(r * stride + 16, k).ToArray()).ToArray();
                var result = Ops.Linear(Upload(x, xType, m, stride).Slice(1, 16, k), Upload(weight, weightType, n, k));
                AssertClose(Download(result), Reference.Linear(dense, weight, null, m, n, k), LinearTolerance(xType, weightType, xType), $"{xType}·{weightType} {m} rows");
            }
    }

    [Fact]
    public void Linear_of_many_rows_and_columns_agrees_at_every_element()
    {
        foreach (var (xType, weightType) in LinearTypes)
        {
            var (m, n, k) = (450, 300, 96);
            var (x, weight) = (Numbers.Rounded(Numbers.Random(m * k, 1), xType), Numbers.Rounded(Numbers.Random(n * k, 2), weightType));
            var result = Ops.Linear(Upload(x, xType, m, k), Upload(weight, weightType, n, k));
            AssertClose(Download(result), Reference.Linear(x, weight, null, m, n, k), LinearTolerance(xType, weightType, xType), $"{xType}·{weightType}");
        }
    }
}
