using System.Runtime.InteropServices;
using System.Text;
using SglNative.Interop.Cuda.Native;
using SglNative.Interop.Kernels;

namespace SglNative.Interop.Cuda.Compilation;

/// <summary>One compilation.</summary>
internal sealed unsafe class NvrtcProgram : SafeHandle
{
    private NvrtcProgram(nint program) : base(0, ownsHandle: true) => SetHandle(program);

    public override bool IsInvalid => handle == 0;

    public static NvrtcProgram Create(KernelSourceTree tree)
    {
        string[] names = [.. tree.Headers.Select(header => header.Key)], texts = [.. tree.Headers.Select(header => header.Value)];
        Check(NvrtcApi.CreateProgram(out var program, tree.Text, tree.Name, names.Length, texts, names), "nvrtcCreateProgram");
        return new NvrtcProgram(program);
    }

    /// <summary>Asks for the kernel that <paramref name="expression"/> names.</summary>
    public void AddNameExpression(string expression) =>
        Check(NvrtcApi.AddNameExpression(handle, expression), $"nvrtcAddNameExpression({expression})");

    /// <summary>False when the source has errors, which are in the log then.</summary>
    public bool Compile(string[] flags)
    {
        var result = NvrtcApi.CompileProgram(handle, flags.Length, flags);
        // A wrong name expression or option has a number of its own, but is a fault of the source as much as a syntax error is.
        if (result != NvrtcApi.Success && ReadLog().Length == 0) Check(result, "nvrtcCompileProgram");
        return result == NvrtcApi.Success;
    }

    /// <summary>Name in the image of what <paramref name="expression"/> names.</summary>
    public string GetLoweredName(string expression)
    {
        Check(NvrtcApi.GetLoweredName(handle, expression, out var lowered), $"nvrtcGetLoweredName({expression})");
        return Marshal.PtrToStringUTF8((nint)lowered)!;
    }

    public string ReadLog()
    {
        Check(NvrtcApi.GetProgramLogSize(handle, out var size), "nvrtcGetProgramLogSize");
        var bytes = new byte[size];
        fixed (byte* first = bytes) Check(NvrtcApi.GetProgramLog(handle, first), "nvrtcGetProgramLog");
        return Encoding.UTF8.GetString(bytes).TrimEnd('\0', '\n');
    }

    public byte[] ReadCubin()
    {
        Check(NvrtcApi.GetCubinSize(handle, out var size), "nvrtcGetCUBINSize");
        var bytes = new byte[size];
        fixed (byte* first = bytes) Check(NvrtcApi.GetCubin(handle, first), "nvrtcGetCUBIN");
        return bytes;
    }

    /// <summary>The PTX text with its closing zero, as the driver wants it.</summary>
    public byte[] ReadPtx()
    {
        Check(NvrtcApi.GetPtxSize(handle, out var size), "nvrtcGetPTXSize");
        var bytes = new byte[size];
        fixed (byte* first = bytes) Check(NvrtcApi.GetPtx(handle, first), "nvrtcGetPTX");
        return bytes;
    }

    public static void Check(int result, string call)
    {
        if (result == NvrtcApi.Success) return;
        var name = Marshal.PtrToStringUTF8((nint)NvrtcApi.GetErrorString(result)) ?? "unknown error";
        throw new DeviceException(call, result, name, "the CUDA run-time compiler reports it");
    }

    protected override bool ReleaseHandle() => NvrtcApi.DestroyProgram(ref handle) == NvrtcApi.Success;
}
