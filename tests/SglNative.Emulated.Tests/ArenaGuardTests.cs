using SglNative.Core.Tensors;
using SglNative.Cuda;
using SglNative.Interop;
using SglNative.Interop.Emulated;
using SglNative.Models.Operations.Custom;
using SglNative.OpsContract;

namespace SglNative.Emulated.Tests;

/// <summary>Where accesses are checked, a tensor of the arena is as well guarded as an allocation of its own.</summary>
public sealed class ArenaGuardTests
{
    private const int Rows = 3, Width = 40;

    private static readonly CustomOp OneRowTooMany = new()
    {
        Name = "scale rows and one more",
        Assembly = typeof(CustomScale).Assembly,
        Source = "scale_rows.cu",
        Kernel = "contract::scale_rows<T>",
        Launch = static (in CustomCall call) => CustomLaunch.PerRow(call.Output.Shape[0] + 1),
        Cpu = CustomScale.Op.Cpu,
    };

    [Fact]
    public void A_row_too_many_is_caught_and_the_tensor_named()
    {
        var message = Error((backend, input, factors) =>
        {
            _ = backend.Ops.Empty(DType.Float32, 1);
            var right = backend.Ops.Run(CustomScale.Op, [input, factors], new Shape(Rows, Width), DType.Float32, Width, 0f);
            _ = backend.Ops.Empty(DType.Float32, 64, 64);
            backend.Synchronize();
            _ = backend.Ops.Run(OneRowTooMany, [input, factors], right.Shape, DType.Float32, Width, 0f);
        });
        Assert.Matches(@"^contract::scale_rows<float>: block \(3, 0, 0\) thread \(\d+, 0, 0\): a write of \d+ bytes touches address 0x[0-9a-f]+ \(0 bytes past the end of the tensor 0x[0-9a-f]+ of 480 bytes\)", message);
    }

    [Fact]
    public void What_an_earlier_step_left_is_undefined()
    {
        var message = Error((backend, input, _) =>
        {
            var before = backend.Ops.Scale(input, 2);
            backend.Ops.Arena.BeginStep();
            var now = backend.Ops.Empty(DType.Float32, before.Shape[0], before.Shape[1]);
            Assert.Equal(before.Data, now.Data);
            _ = backend.Ops.Scale(now, 1);
        });
        Assert.Matches(@"a read of \d+ bytes meets uninitialised memory: address 0x[0-9a-f]+ \(byte \d+ of the tensor 0x[0-9a-f]+ of 640 bytes\)", message);
    }

    [Fact]
    public void A_tensor_of_a_layer_that_is_gone_cannot_be_used()
    {
        var message = Error((backend, input, _) =>
        {
            backend.Ops.Arena.BeginLayer(0);
            _ = backend.Ops.Empty(DType.Float32, 1 << 16);
            var first = backend.Ops.Scale(input, 2);
            backend.Ops.Arena.BeginLayer(1);
            _ = backend.Ops.Scale(first, 2);
            backend.Synchronize();
            backend.Ops.Arena.BeginLayer(2);
            _ = backend.Ops.Scale(first, 2);
        });
        Assert.Matches(@"a read of \d+ bytes touches address 0x[0-9a-f]+ \((in memory that no tensor has at this time|\d+ bytes past the end of the tensor)", message);
    }

    // Of the work, which no step before it may have made. The input has a row more than is used.
    private static string Error(Action<CudaBackend, Tensor, Tensor> work)
    {
        var provider = new EmulatedDeviceProvider();
        if (provider.CountDevices(out var reason) == 0) Assert.Skip(reason!);
        using var backend = new CudaBackend(provider.Open(0, new DeviceOptions { CheckMemory = true }));
        var input = backend.Allocate(new Shape(Rows + 1, Width), DType.Float32);
        var factors = backend.Allocate(new Shape(Rows + 1), DType.Float32);
        backend.Fill(input, 1);
        backend.Fill(factors, 2);
        backend.Ops.Arena.BeginStep();
        backend.Synchronize();
        return Assert.Throws<DeviceException>(() =>
        {
            work(backend, input, factors);
            backend.Synchronize();
        }).Message;
    }
}
