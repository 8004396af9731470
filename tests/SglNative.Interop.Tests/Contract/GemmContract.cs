using SglNative.Core.Tensors;
using SglNative.Interop.Gemm;

namespace SglNative.Interop.Tests.Contract;

/// <summary>Matrix products against sums in float64 of the same rounded operands.</summary>
public abstract class GemmContract(DeviceFixture fixture)
{
    private IComputeDevice Device => fixture.Device;

    public static TheoryData<GemmDescription> Descriptions
    {
        get
        {
            var data = new TheoryData<GemmDescription>();
            foreach (var (input, output) in ((DType, DType)[])[
                (DType.Float32, DType.Float32), (DType.Float16, DType.Float16), (DType.BFloat16, DType.BFloat16), (DType.BFloat16, DType.Float32)])
            {
                foreach (var (m, n, k) in ((int, int, int)[])[(1, 64, 128), (17, 48, 72), (130, 256, 512), (3, 1000, 8)])
                    data.Add(GemmDescription.Linear(m, n, k, input, output));
                foreach (var (ta, tb) in ((bool, bool)[])[(false, false), (true, false), (true, true)])
                    data.Add(new GemmDescription(24, 40, 56, input, output) { TransposeA = ta, TransposeB = tb });
                data.Add(GemmDescription.Linear(33, 96, 64, input, output) with { Epilogue = GemmEpilogue.Bias });
                data.Add(GemmDescription.Linear(16, 32, 64, input, output) with { LeadingA = 80, LeadingB = 72, LeadingC = 48 });
                data.Add(GemmDescription.Linear(8, 32, 16, input, output) with { Batch = 5, BatchStrideA = 8 * 16, BatchStrideB = 32 * 16 + 16, BatchStrideC = 8 * 32 });
                data.Add(GemmDescription.Linear(8, 32, 16, input, output) with { Batch = 3, BatchStrideA = 8 * 16, BatchStrideC = 8 * 32 });
                data.Add(GemmDescription.Linear(40, 64, 4096, input, output) with { Deterministic = true });
                // Odd everywhere: addresses and rows are aligned to nothing more than the element.
                data.Add(GemmDescription.Linear(5, 7, 9, input, output) with { Epilogue = GemmEpilogue.Bias });
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Descriptions), DisableDiscoveryEnumeration = true)]
    public void Products_agree_with_the_reference(GemmDescription description) => Check(description, 1f, 0f);

    [Fact]
    public void Alpha_and_beta_scale()
    {
        Check(GemmDescription.Linear(19, 64, 32, DType.Float32), 0.5f, 2f);
        Check(GemmDescription.Linear(19, 64, 32, DType.BFloat16), -1.5f, 1f);
    }

    [Fact]
    public void What_lay_in_C_is_not_read_when_beta_is_zero()
    {
        RequireBlas();
        using var stream = Device.CreateStream();
        using var operands = new GemmMemory(Device, GemmDescription.Linear(4, 16, 16, DType.Float32), seed: 3);
        Device.FillAsync(operands.Operands.C, 0x7fc00000u, 64, stream);
        Device.Gemm(operands.Description, operands.Operands, stream);
        stream.Synchronize();
        Assert.All(operands.ReadC(), v => Assert.False(double.IsNaN(v)));
    }

    [Fact]
    public void Unaligned_addresses_work()
    {
        RequireBlas();
        using var stream = Device.CreateStream();
        foreach (var type in (DType[])[DType.BFloat16, DType.Float32])
        {
            using var operands = new GemmMemory(Device, GemmDescription.Linear(6, 32, 64, type), seed: 4, offset: type.Size());
            Device.Gemm(operands.Description, operands.Operands, stream);
            stream.Synchronize();
            operands.AssertCorrect(1f, 0f);
        }
    }

    [Fact]
    public void Nothing_to_do_is_done()
    {
        RequireBlas();
        using var stream = Device.CreateStream();
        Device.Gemm(GemmDescription.Linear(0, 16, 16, DType.Float32), default, stream);
        Device.TuneGemm(GemmDescription.Linear(0, 16, 16, DType.Float32), stream);
        Assert.Throws<ArgumentException>(() => Device.Gemm(GemmDescription.Linear(1, 16, 0, DType.Float32), default, stream));
        Assert.Throws<ArgumentException>(
            () => Device.Gemm(GemmDescription.Linear(1, 16, 16, DType.Float32) with { Epilogue = GemmEpilogue.Bias }, default, stream));
    }

    [Fact]
    public void A_tuned_product_is_right_and_remembered()
    {
        RequireBlas();
        using var stream = Device.CreateStream();
        var description = GemmDescription.Linear(16, 1024, 2048, DType.BFloat16);
        Device.TuneGemm(description, stream);
        var free = Device.GetMemoryInfo().Free;
        Device.TuneGemm(description, stream);
        Check(description, 1f, 0f);
        Assert.InRange(Device.GetMemoryInfo().Free, free - (64 << 20), long.MaxValue);
        using var second = fixture.Provider.Open(0, fixture.Options);
        using var other = second.CreateStream();
        var watch = System.Diagnostics.Stopwatch.StartNew();
        second.TuneGemm(description, other);
        TestContext.Current.TestOutputHelper?.WriteLine($"second open: {watch.ElapsedMilliseconds} ms");
        using var operands = new GemmMemory(second, description, seed: 9);
        second.Gemm(description, operands.Operands, other);
        other.Synchronize();
        operands.AssertCorrect(1f, 0f);
    }

    [Fact]
    public void Products_are_captured_and_replayed()
    {
        RequireBlas();
        using var stream = Device.CreateStream();
        using var operands = new GemmMemory(Device, GemmDescription.Linear(24, 128, 512, DType.BFloat16) with { Epilogue = GemmEpilogue.Bias }, seed: 5);
        stream.BeginCapture();
        Device.Gemm(operands.Description, operands.Operands, stream);
        using var graph = stream.EndCapture();
        using var executable = graph.Instantiate();
        executable.Launch(stream);
        executable.Launch(stream);
        stream.Synchronize();
        operands.AssertCorrect(1f, 0f);
    }

    [Fact]
    public void A_deterministic_product_gives_the_same_bits()
    {
        RequireBlas();
        using var stream = Device.CreateStream();
        using var operands = new GemmMemory(Device, GemmDescription.Linear(7, 256, 8192, DType.BFloat16) with { Deterministic = true }, seed: 6);
        double[]? first = null;
        for (var i = 0; i < 5; i++)
        {
            Device.Gemm(operands.Description, operands.Operands, stream);
            stream.Synchronize();
            var now = operands.ReadC();
            Assert.Equal(first ??= now, now);
        }
    }

    private void Check(GemmDescription description, float alpha, float beta)
    {
        RequireBlas();
        using var stream = Device.CreateStream();
        using var memory = new GemmMemory(Device, description, seed: 1);
        Device.Gemm(description, memory.Operands with { Alpha = alpha, Beta = beta }, stream);
        stream.Synchronize();
        memory.AssertCorrect(alpha, beta);
    }

    private void RequireBlas()
    {
        if (Device.Capabilities.Blas is null) Assert.Skip("no GEMM library was found");
    }
}
