using System.Runtime.InteropServices;
using SglNative.Interop.Cuda.Libraries;

namespace SglNative.Interop.Cuda.Native;

/// <summary>nvrtc.h. Every function returns an <c>nvrtcResult</c> (0: success) unless it says otherwise.</summary>
internal static unsafe partial class NvrtcApi
{
    public const int Success = 0, CompilationError = 6;

    /// <summary>Returns a static C string.</summary>
    [LibraryImport(CudaLibraryNames.Nvrtc, EntryPoint = "nvrtcGetErrorString")]
    public static partial byte* GetErrorString(int result);

    [LibraryImport(CudaLibraryNames.Nvrtc, EntryPoint = "nvrtcVersion")]
    public static partial int Version(out int major, out int minor);

    [LibraryImport(CudaLibraryNames.Nvrtc, EntryPoint = "nvrtcGetNumSupportedArchs")]
    public static partial int GetNumSupportedArchs(out int count);

    [LibraryImport(CudaLibraryNames.Nvrtc, EntryPoint = "nvrtcGetSupportedArchs")]
    public static partial int GetSupportedArchs(int* architectures);

    [LibraryImport(CudaLibraryNames.Nvrtc, EntryPoint = "nvrtcCreateProgram", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int CreateProgram(out nint program, string source, string name, int headerCount, string[] headers, string[] includeNames);

    [LibraryImport(CudaLibraryNames.Nvrtc, EntryPoint = "nvrtcDestroyProgram")]
    public static partial int DestroyProgram(ref nint program);

    [LibraryImport(CudaLibraryNames.Nvrtc, EntryPoint = "nvrtcAddNameExpression", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int AddNameExpression(nint program, string expression);

    [LibraryImport(CudaLibraryNames.Nvrtc, EntryPoint = "nvrtcCompileProgram", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int CompileProgram(nint program, int optionCount, string[] options);

    /// <summary>The string lives as long as the program.</summary>
    [LibraryImport(CudaLibraryNames.Nvrtc, EntryPoint = "nvrtcGetLoweredName", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int GetLoweredName(nint program, string expression, out byte* lowered);

    [LibraryImport(CudaLibraryNames.Nvrtc, EntryPoint = "nvrtcGetProgramLogSize")]
    public static partial int GetProgramLogSize(nint program, out nuint size);

    [LibraryImport(CudaLibraryNames.Nvrtc, EntryPoint = "nvrtcGetProgramLog")]
    public static partial int GetProgramLog(nint program, byte* log);

    [LibraryImport(CudaLibraryNames.Nvrtc, EntryPoint = "nvrtcGetCUBINSize")]
    public static partial int GetCubinSize(nint program, out nuint size);

    [LibraryImport(CudaLibraryNames.Nvrtc, EntryPoint = "nvrtcGetCUBIN")]
    public static partial int GetCubin(nint program, byte* cubin);

    [LibraryImport(CudaLibraryNames.Nvrtc, EntryPoint = "nvrtcGetPTXSize")]
    public static partial int GetPtxSize(nint program, out nuint size);

    [LibraryImport(CudaLibraryNames.Nvrtc, EntryPoint = "nvrtcGetPTX")]
    public static partial int GetPtx(nint program, byte* ptx);
}
