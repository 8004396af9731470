using System.Reflection;
using System.Text.RegularExpressions;
using SglNative.Core.Tensors;
using SglNative.Cuda;
using SglNative.Interop.Emulated;
using SglNative.Models.Operations;
using SglNative.OpsContract;

namespace SglNative.Emulated.Tests;

/// <summary>The contract of all backends, on the CUDA backend's own kernels.</summary>
public abstract class EmulatedOpsContract(CudaBackend backend) : OpsContractTests(backend)
{
    // As on the GPU: a float32 input is rounded to the weight's type, and weights of the softmax to the cache's.
    protected override double LinearTolerance(DType x, DType weight, DType output) => Tolerance(output) + (x == weight ? 0 : 4 * Numbers.Roundoff(weight));

    protected override double AttentionTolerance(DType dtype) => 1e-5 + 2.5 * Numbers.Roundoff(dtype);

    // By chunks, what enters products is rounded first: see CudaContractTests.
    protected override double RecurrentTolerance(DType operand, DType output) => Tolerance(output) + (operand == DType.Float32 ? 0 : 10 * Numbers.Roundoff(operand));
}

/// <summary>With all types.</summary>
public sealed class EmulatedOpsContractTests(FastFixture fixture) : EmulatedOpsContract(fixture.Backend), IClassFixture<FastFixture>
{
    protected override IReadOnlyList<(DType X, DType Weight)> LinearTypes =>
        [(DType.Float32, DType.Float32), (DType.BFloat16, DType.BFloat16), (DType.Float16, DType.Float16), (DType.Float32, DType.BFloat16)];

    protected override IReadOnlyList<(DType Query, DType Cache)> AttentionTypes =>
        [(DType.Float32, DType.Float32), (DType.BFloat16, DType.BFloat16), (DType.Float16, DType.Float16), (DType.Float32, DType.BFloat16)];

    [Fact]
    public void A_gated_unit_beyond_float16_is_its_largest_number()
    {
        var result = Ops.ActAndMul(Upload([1000, 1000, float.NaN, 1, 1000, -1000, 1, 2], DType.Float32, 1, 8), GatedActivation.Silu, DType.Float16);
        Assert.Equal([65504, -65504, float.NaN, 1.462f], Download(result).Select(x => MathF.Round(x, 3)));
    }
}

/// <summary>With every access of every kernel checked: each kernel runs, in the types in which most models use it.</summary>
public sealed partial class CheckedOpsContractTests : EmulatedOpsContract, IClassFixture<CheckedFixture>
{
    private readonly CheckedFixture _fixture;

    public CheckedOpsContractTests(CheckedFixture fixture) : base(fixture.Backend)
    {
        _fixture = fixture;
    }

    protected override IReadOnlyList<DType> ActivationTypes => [DType.BFloat16];

    protected override IReadOnlyList<(DType X, DType Weight)> LinearTypes => [(DType.BFloat16, DType.BFloat16)];

    protected override IReadOnlyList<(DType Query, DType Cache)> AttentionTypes => [(DType.BFloat16, DType.BFloat16), (DType.Float32, DType.Float32)];

    /// <summary>
    /// After the last test of the class: a kernel that no test of the contract leads to would be tested on GPUs alone, which is to say
    /// on no commit. Nothing is said when only some of the tests were chosen.
    /// </summary>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        var rows = GetType().GetMethods().Where(method => method.IsDefined(typeof(FactAttribute), inherit: true))
            .Sum(Rows);
        if (disposing && ++_fixture.Finished == rows) AssertEveryKernelWasLaunched();
    }

    private static int Rows(MethodInfo test) =>
        test.GetCustomAttribute<MemberDataAttribute>() is { } data
            ? ((System.Collections.IEnumerable)test.DeclaringType!.GetProperty(data.MemberName)!.GetValue(null)!).Cast<object>().Count()
            : Math.Max(1, test.GetCustomAttributes(typeof(InlineDataAttribute), inherit: true).Length);

    private void AssertEveryKernelWasLaunched()
    {
        var launched = EmulatedDeviceProvider.LaunchedKernels(_fixture.Backend.Device).Select(name => Instantiation().Match(name).Groups["kernel"].Value).ToHashSet();
        var assembly = typeof(CudaBackend).Assembly;
        var files = assembly.GetManifestResourceNames().Where(name => name.EndsWith(".cu", StringComparison.Ordinal)).ToArray();
        Assert.NotEmpty(files);
        foreach (var file in files)
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(file)!);
            var kernels = Kernel().Matches(reader.ReadToEnd()).Select(match => match.Groups["kernel"].Value).ToArray();
            Assert.NotEmpty(kernels);
            Assert.All(kernels, kernel => Assert.True(launched.Contains(kernel), $"{kernel} of {file} was never launched on the emulated device"));
        }
    }

    [GeneratedRegex(@"__global__[^;{}]*?(?<kernel>\w+)\s*\(\s*const\s+__grid_constant__")]
    private static partial Regex Kernel();

    [GeneratedRegex(@"^(\w+::)*(?<kernel>\w+)", RegexOptions.ExplicitCapture)]
    private static partial Regex Instantiation();
}
