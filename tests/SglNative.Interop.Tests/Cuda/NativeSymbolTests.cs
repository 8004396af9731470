using System.Reflection;
using System.Runtime.InteropServices;
using SglNative.Interop.Cuda;
using SglNative.Interop.Cuda.Libraries;
using SglNative.Interop.Cuda.Native;

namespace SglNative.Interop.Tests.Cuda;

/// <summary>Every entry point that is imported exists in the library, where the library exists. No GPU is needed.</summary>
public class NativeSymbolTests
{
    [Theory]
    [InlineData(typeof(CudaDriver), 60)]
    [InlineData(typeof(NvrtcApi), 14)]
    [InlineData(typeof(CublasLtApi), 15)]
    [InlineData(typeof(NcclApi), 12)]
    public void Every_import_is_exported(Type bindings, int atLeast)
    {
        var imports = bindings.GetMethods(BindingFlags.Static | BindingFlags.Public)
            .Select(method => method.GetCustomAttribute<LibraryImportAttribute>()).OfType<LibraryImportAttribute>().ToArray();
        Assert.True(imports.Length >= atLeast, $"{imports.Length} imports");
        var library = CudaLibraryNames.FromImport(imports[0].LibraryName)!.Value;
        if (!CudaLibraries.TryLoad(library, [], CudaAvailability.InstalledDriverMajor())) Assert.Skip(CudaLibraryNames.MissingMessage(library, 0, OperatingSystem.IsWindows()));
        // Newer than the oldest driver supported, and asked for before it is called.
        string[] optional = ["cuFuncGetParamInfo"];
        var missing = imports.Select(i => i.EntryPoint!).Except(optional).Where(symbol => !CudaLibraries.HasSymbol(library, symbol));
        Assert.Equal("", string.Join(", ", missing));
    }
}
