using SglNative.Core;
using SglNative.Cuda;
using SglNative.Interop;
using SglNative.Kernels.Harness;
using SglNative.KernelSuites;

try
{
    var arguments = HarnessArguments.Read(args);
    if (arguments.Command == "images")
        return ImageComparison.Run(arguments.Pack ?? throw new SglException("images needs --pack FILE")) == 0 ? 0 : 1;
    if (arguments is { Command: "compile", Architectures.Count: > 0 })
    {
        foreach (var architecture in arguments.Architectures) Compilation.Run(architecture);
        return 0;
    }
    var options = DeviceOptions.Default with { KernelPack = arguments.Pack, CompileKernels = arguments.Compile };
    using var backend = new CudaBackend(CudaBindings.Devices.Open(arguments.Device, 0, options), CudaOptions.Default with { Device = options });
    Console.WriteLine(backend.Description);
    var suites = Suites.All.Where(suite => suite.Kernel.Contains(arguments.Kernel, StringComparison.OrdinalIgnoreCase)).ToArray();
    if (suites.Length == 0) throw new SglException($"no kernel has '{arguments.Kernel}' in its name: {string.Join(", ", Suites.All.Select(suite => suite.Kernel))}");
    var failed = 0;
    if (arguments.Command == "compile") Compilation.Run(backend.Device);
    if (arguments.Command == "hashes") Checks.WriteHashes(suites, backend, arguments);
    if (arguments.Command is "run" or "check") failed = Checks.Run(suites, backend, arguments);
    if (arguments.Command is "run" or "speed") Speeds.Run(suites, backend);
    return failed == 0 ? 0 : 1;
}
catch (SglException e)
{
    Console.Error.WriteLine($"error: {e.Message}");
    return 2;
}
