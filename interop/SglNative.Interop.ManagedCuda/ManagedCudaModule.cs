using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Text;
using ManagedCuda;
using ManagedCuda.BasicTypes;
using SglNative.Interop.Kernels;

namespace SglNative.Interop.ManagedCuda;

internal sealed class ManagedCudaModule : DeviceModule
{
    private const int LogSize = 4096;
    private readonly ManagedCudaDevice _device;
    private readonly KernelImage _image;
    private readonly ManagedCudaHandle _handle;
    private readonly ConcurrentDictionary<string, ManagedCudaFunction> _functions = new(StringComparer.Ordinal);

    public ManagedCudaModule(ManagedCudaDevice device, KernelImage image)
    {
        if (image.Format == KernelImageFormat.HostLibrary)
            throw new ArgumentException($"{image.Name} was compiled for the host, not for a CUDA device", nameof(image));
        (_device, _image) = (device, image);
        device.Context.MakeCurrent();
        var log = new byte[LogSize];
        var pin = GCHandle.Alloc(log, GCHandleType.Pinned);
        try
        {
            var module = new CUmodule();
            var result = DriverAPINativeMethods.ModuleManagement.cuModuleLoadDataEx(ref module, image.Code.ToArray(), 2,
                [CUJITOption.ErrorLogBuffer, CUJITOption.ErrorLogBufferSizeBytes], [pin.AddrOfPinnedObject(), LogSize]);
            if (result != CUResult.Success)
            {
                var said = Encoding.UTF8.GetString(log.AsSpan(0, Math.Max(0, Array.IndexOf(log, (byte)0))));
                ManagedCudaCall.Throw(result, $"cuModuleLoadDataEx({image.Name} for {image.Architecture}) {said}".TrimEnd());
            }
            _handle = new ManagedCudaHandle(device.Context, module.Pointer, pointer => DriverAPINativeMethods.ModuleManagement.cuModuleUnload(new CUmodule { Pointer = pointer }));
        }
        finally
        {
            pin.Free();
        }
    }

    public override DeviceFunction GetFunction(string instantiation) => _functions.GetOrAdd(instantiation, name =>
    {
        if (!_image.Symbols.TryGetValue(name, out var symbol))
            throw new ArgumentException(
                $"{_image.Name} was compiled without '{name}'; it has: {string.Join(", ", _image.Symbols.Keys)}", nameof(instantiation));
        _device.Context.MakeCurrent();
        var function = new CUfunction();
        var result = DriverAPINativeMethods.ModuleManagement.cuModuleGetFunction(ref function, new CUmodule { Pointer = _handle.Value }, symbol);
        if (result != CUResult.Success) ManagedCudaCall.Throw(result, $"cuModuleGetFunction({name} in {_image.Name})");
        return new ManagedCudaFunction(_device, _handle, function, name, _image);
    });

    protected override void Dispose(bool disposing)
    {
        if (disposing) _handle.Dispose();
    }
}
