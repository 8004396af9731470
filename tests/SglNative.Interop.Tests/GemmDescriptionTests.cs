using SglNative.Core.Tensors;
using SglNative.Interop.Gemm;

namespace SglNative.Interop.Tests;

public class GemmDescriptionTests
{
    [Fact]
    public void Leading_dimensions_follow_from_the_shape_unless_given()
    {
        var linear = GemmDescription.Linear(3, 5, 7, DType.BFloat16);
        Assert.Equal((7L, 7L, 5L), (linear.LeadingA, linear.LeadingB, linear.LeadingC));
        var transposed = new GemmDescription(3, 5, 7, DType.Float32, DType.Float32) { TransposeA = true };
        Assert.Equal((3L, 5L, 5L), (transposed.LeadingA, transposed.LeadingB, transposed.LeadingC));
        Assert.Equal(9, (linear with { LeadingB = 9 }).LeadingB);
    }

    [Fact]
    public void The_type_of_B_is_that_of_A_unless_given()
    {
        var description = GemmDescription.Linear(1, 1, 1, DType.BFloat16);
        Assert.Equal(DType.BFloat16, description.TypeB);
        Assert.Equal(DType.Float32, (description with { TypeB = DType.Float32 }).TypeB);
    }

    [Fact]
    public void Different_products_are_different_in_equality_and_text()
    {
        var description = GemmDescription.Linear(8, 16, 32, DType.BFloat16);
        GemmDescription[] others =
        [
            description with { M = 9 }, description with { N = 17 }, description with { K = 33 }, description with { TypeA = DType.Float16 },
            description with { TypeB = DType.Float16 }, description with { TypeC = DType.Float32 }, description with { TransposeA = true },
            description with { TransposeB = false }, description with { LeadingA = 40 }, description with { LeadingB = 40 },
            description with { LeadingC = 40 }, description with { Batch = 2 }, description with { BatchStrideA = 1 },
            description with { BatchStrideB = 1 }, description with { BatchStrideC = 1 }, description with { Epilogue = GemmEpilogue.Bias },
            description with { Precision = GemmPrecision.TensorFloat32 }, description with { Deterministic = true },
        ];
        Assert.All(others, other => Assert.NotEqual(description, other));
        Assert.Equal(others.Length + 1, others.Append(description).Select(d => d.ToString()).Distinct().Count());
    }

    [Fact]
    public void Looking_a_description_up_allocates_nothing()
    {
        var plans = new Dictionary<(GemmDescription, int), int>();
        for (var m = 0; m < 100; m++) plans[(GemmDescription.Linear(m, 16, 32, DType.BFloat16), 16)] = m;
        var found = 0;
        for (var m = 0; m < 100; m++) found += plans[(GemmDescription.Linear(m, 16, 32, DType.BFloat16), 16)];
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var m = 0; m < 100; m++) found += plans[(GemmDescription.Linear(m, 16, 32, DType.BFloat16), 16)];
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(9900, found);
    }
}
