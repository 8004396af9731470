namespace SglNative.Interop.Kernels;

/// <summary>A kernel does not compile; the message holds the compiler's log.</summary>
public sealed class KernelCompilationException : Exception
{
    /// <summary>The source's name and what the compiler said.</summary>
    public KernelCompilationException(string kernel, string log) : base($"{kernel} does not compile: {log.Trim()}")
    {
        Kernel = kernel;
        Log = log;
    }

    /// <summary>An error with a message of its own.</summary>
    public KernelCompilationException(string message) : base(message) { }

    /// <summary>An error and what caused it.</summary>
    public KernelCompilationException(string message, Exception innerException) : base(message, innerException) { }

    /// <summary>An error without details.</summary>
    public KernelCompilationException() { }

    /// <summary>Name of the source.</summary>
    public string Kernel { get; } = "";

    /// <summary>What the compiler said.</summary>
    public string Log { get; } = "";
}
