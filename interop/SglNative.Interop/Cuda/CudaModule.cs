using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using SglNative.Interop.Cuda.Native;
using SglNative.Interop.Kernels;

namespace SglNative.Interop.Cuda;

internal sealed unsafe class CudaModule : DeviceModule
{
    private const int LogSize = 4096;
    private readonly CudaDevice _device;
    private readonly KernelImage _image;
    private readonly CudaHandle _handle;
    private readonly ConcurrentDictionary<string, CudaFunction> _functions = new(StringComparer.Ordinal);

    public CudaModule(CudaDevice device, KernelImage image)
    {
        if (image.Format == KernelImageFormat.HostLibrary)
            throw new ArgumentException($"{image.Name} was compiled for the host, not for a CUDA device", nameof(image));
        _device = device;
        _image = image;
        device.Context.MakeCurrent();
        fixed (byte* code = image.Code.Span)
        {
            // Portable code is translated by the driver, which then has more to say than a number.
            var log = stackalloc byte[LogSize];
            log[0] = 0;
            var options = stackalloc[] { CudaJitOption.ErrorLogBuffer, CudaJitOption.ErrorLogBufferSizeBytes };
            var values = stackalloc nint[] { (nint)log, LogSize };
            var result = CudaDriver.ModuleLoadData(out var module, code, 2, options, values);
            if (result != CudaResult.Success)
                CudaResult.Throw(result, $"cuModuleLoadDataEx({image.Name} for {image.Architecture}) {Marshal.PtrToStringUTF8((nint)log)}".TrimEnd());
            _handle = new CudaHandle(device.Context, module, &CudaDriver.ModuleUnload);
        }
    }

    public override DeviceFunction GetFunction(string instantiation) => _functions.GetOrAdd(instantiation, name =>
    {
        if (!_image.Symbols.TryGetValue(name, out var symbol))
            throw new ArgumentException(
                $"{_image.Name} was compiled without '{name}'; it has: {string.Join(", ", _image.Symbols.Keys)}", nameof(instantiation));
        _device.Context.MakeCurrent();
        var result = CudaDriver.ModuleGetFunction(out var function, _handle.Value, symbol);
        if (result != CudaResult.Success) CudaResult.Throw(result, $"cuModuleGetFunction({name} in {_image.Name})");
        return new CudaFunction(_device, _handle, function, name, _image);
    });

    protected override void Dispose(bool disposing)
    {
        if (disposing) _handle.Dispose();
    }
}
