using SglNative.Core;
using SglNative.KernelSuites;

namespace SglNative.Kernels.Harness;

/// <summary>The words of the command line.</summary>
internal sealed record HarnessArguments
{
    public const string Usage = """
        usage: SglNative.Kernels.Harness run|check|speed|hashes|compile|images [options]
          run      every check, then every speed line
          check    each kernel in each shape against its reference
          speed    µs, GB/s or TFLOP/s, share of what the device measures as possible
          hashes   a line per check with the hash of what the kernel wrote, into --output FILE: equal files, equal results
          compile  compiles every kernel that the device, or --architectures, may be asked for, in parallel, and tells who needs local memory
          images   compares the images of a kernel pack with what NVRTC makes of the same sources
          --device NAME     a provider of devices (cuda)
          --kernel TEXT     kernels whose file has this in its name
          --small           without the shapes that fill a grid: for sanitizers and slow devices
          --architectures LIST   sm_100a,sm_120a …: what to compile for; no GPU is needed
          --every N         the first of every N shapes: for the slowest of tools
          --pack FILE       takes kernels from this pack
          --no-compile      takes kernels from the pack alone; shapes it does not hold are skipped
          --output FILE     where hashes go
        """;

    public required string Command { get; init; }

    public string Device { get; init; } = "cuda";

    public string Kernel { get; init; } = "";

    public bool Small { get; init; }

    public string? Pack { get; init; }

    public bool Compile { get; init; } = true;

    public string? Output { get; init; }

    public IReadOnlyList<string> Architectures { get; init; } = [];

    public int Every { get; init; } = 1;

    /// <summary>The cases of a suite that belong to this run.</summary>
    public IEnumerable<KernelCase> Checks(KernelSuite suite) => suite.Checks.Where(kernelCase => !(Small && kernelCase.IsLarge)).Where((_, i) => i % Every == 0);

    public static HarnessArguments Read(ReadOnlySpan<string> words)
    {
        if (words.IsEmpty || words[0] is not ("run" or "check" or "speed" or "hashes" or "compile" or "images")) throw new SglException(Usage);
        var arguments = new HarnessArguments { Command = words[0] };
        for (words = words[1..]; !words.IsEmpty; words = words[1..])
        {
            switch (words[0])
            {
                case "--small": arguments = arguments with { Small = true }; continue;
                case "--no-compile": arguments = arguments with { Compile = false }; continue;
            }
            if (words.Length < 2) throw new SglException($"{words[0]} is no option or needs a value\n{Usage}");
            arguments = words[0] switch
            {
                "--device" => arguments with { Device = words[1] },
                "--kernel" => arguments with { Kernel = words[1] },
                "--every" => arguments with { Every = int.TryParse(words[1], out var every) && every > 0 ? every : throw new SglException($"--every is {words[1]}, expected a number of shapes\n{Usage}") },
                "--architectures" => arguments with { Architectures = words[1].Split(',', StringSplitOptions.RemoveEmptyEntries) },
                "--pack" => arguments with { Pack = words[1] },
                "--output" => arguments with { Output = words[1] },
                _ => throw new SglException($"'{words[0]}' is no option\n{Usage}"),
            };
            words = words[1..];
        }
        if (arguments.Command == "hashes" && arguments.Output is null) throw new SglException($"hashes needs --output FILE\n{Usage}");
        return arguments;
    }
}
