using SglNative.Interop.Emulated.Native;
using SglNative.Interop.Kernels;

namespace SglNative.Interop.Emulated;

internal sealed class EmulatedModule : DeviceModule
{
    private readonly EmulatedDevice _device;
    private readonly KernelImage _image;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, EmulatedFunction> _functions = new(StringComparer.Ordinal);
    private readonly string? _copy;
    private nint _handle;

    public EmulatedModule(EmulatedDevice device, KernelImage image)
    {
        if (image.Format != KernelImageFormat.HostLibrary)
            throw new DeviceException($"{image.Name} was compiled for {image.Architecture}, not for the emulated device");
        _device = device;
        _image = image;
        var path = image.Path;
        if (path is null || !File.Exists(path))
        {
            path = _copy = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"sgl-{Guid.NewGuid():N}.so");
            File.WriteAllBytes(path, image.Code.ToArray());
        }
        EmulationStatus.Check(EmulationApi.ModuleLoad(device.Handle, path, out _handle));
    }

    public override DeviceFunction GetFunction(string instantiation)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_handle == 0, typeof(DeviceModule));
            if (_functions.TryGetValue(instantiation, out var function)) return function;
            if (!_image.Symbols.TryGetValue(instantiation, out var symbol))
                throw new ArgumentException(
                    $"{_image.Name} was compiled without '{instantiation}'; it has: {string.Join(", ", _image.Symbols.Keys)}", nameof(instantiation));
            return _functions[instantiation] = new EmulatedFunction(_device, _handle, HostSymbol.Number(symbol), instantiation);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (!disposing) return;
        lock (_gate)
        {
            if (_handle == 0) return;
            foreach (var function in _functions.Values) function.Release();
            EmulationApi.ModuleUnload(_handle);
            _handle = 0;
            if (_copy is not null) File.Delete(_copy);
        }
    }
}
