namespace SglNative.Interop;

/// <summary>A call to a device failed: a defect of this program or trouble with the device, not a mistake of the user.</summary>
public class DeviceException : Exception
{
    /// <summary>The error of <paramref name="call"/>, as the device's library names and describes it.</summary>
    public DeviceException(string call, int code, string name, string description)
        : base($"{call} failed: {name} ({code}): {description}")
    {
        Call = call;
        Code = code;
        Name = name;
    }

    /// <summary>An error found by the provider itself.</summary>
    public DeviceException(string message) : base(message) { }

    /// <summary>An error found by the provider itself, and what caused it.</summary>
    public DeviceException(string message, Exception innerException) : base(message, innerException) { }

    /// <summary>An error without a message of its own.</summary>
    public DeviceException() { }

    /// <summary>The failing entry point, such as <c>cuLaunchKernelEx(rms_norm)</c>.</summary>
    public string Call { get; } = "";

    /// <summary>The library's number for the error.</summary>
    public int Code { get; }

    /// <summary>The library's name for the error, such as <c>CUDA_ERROR_ILLEGAL_ADDRESS</c>.</summary>
    public string Name { get; } = "";

    /// <summary>
    /// True after an error that leaves the device's context unusable (illegal address, failed assertion …): every later call
    /// would fail the same way and only a new process helps.
    /// </summary>
    public bool IsFatal { get; init; }
}
