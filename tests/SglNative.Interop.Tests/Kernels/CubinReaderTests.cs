using SglNative.Interop.Cuda.Compilation;
using SglNative.Interop.Kernels;

namespace SglNative.Interop.Tests.Kernels;

public class CubinReaderTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(64)]
    [InlineData(4096)]
    public void What_is_no_cubin_is_refused(int length) =>
        Assert.Throws<InvalidDataException>(() => CubinReader.Read(new byte[length]));

    [Fact]
    public void A_cut_or_changed_cubin_is_refused_or_read_but_never_crashes()
    {
        if (!NvrtcToolchain.IsAvailable(out _, out var reason)) Assert.Skip(reason);
        var toolchain = NvrtcToolchain.ForArchitecture("sm_80");
        var code = toolchain.Compile(TestKernels.Scale, KernelSourceTree.Collect(TestKernels.Scale), "").Code.ToArray();
        var refused = 0;
        for (var length = 0; length < code.Length; length += 7) refused += IsRefused(code.AsSpan(0, length)) ? 1 : 0;
        Assert.True(refused > code.Length / 14);
        var random = new Random(1);
        for (var i = 0; i < 2000; i++)
        {
            var changed = code.ToArray();
            for (var k = 0; k < 4; k++) changed[random.Next(changed.Length)] = (byte)random.Next(256);
            IsRefused(changed);
        }
    }

    private static bool IsRefused(ReadOnlySpan<byte> cubin)
    {
        try
        {
            CubinReader.Read(cubin);
            return false;
        }
        catch (InvalidDataException)
        {
            return true;
        }
    }
}
