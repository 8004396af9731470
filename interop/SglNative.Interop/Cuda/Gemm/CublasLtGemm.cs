using System.Globalization;
using System.Numerics;
using SglNative.Core.Tensors;
using SglNative.Interop.Cuda.Libraries;
using SglNative.Interop.Cuda.Native;
using SglNative.Interop.Gemm;

namespace SglNative.Interop.Cuda.Gemm;

/// <summary>Matrix products of one device through cuBLASLt: plans by description, algorithms found once.</summary>
internal sealed class CublasLtGemm : IDisposable
{
    // Prefills come in any length; past this many plans all are made anew, which costs some tens of microseconds each.
    private const int MostPlans = 4096;
    // No algorithm gains from more.
    private const int BestAlignment = 16;
    private readonly CudaDevice _device;
    private readonly Lock _gate = new();
    private readonly Dictionary<(GemmDescription Description, int Alignment), CublasLtPlan> _plans = [];
    private readonly GemmAlgorithmFile _remembered;
    private nint _library;

    public CublasLtGemm(CudaDevice device, string cacheFolder)
    {
        CudaLibraries.Require(CudaLibrary.CublasLt, device.Options.LibraryFolders, device.Capabilities.DriverVersion.Major);
        _device = device;
        _remembered = new GemmAlgorithmFile(Path.Combine(cacheFolder, "gemm"), device.Capabilities.Name, LibraryIdentity());
        device.Context.MakeCurrent();
        CublasLtStatus.Check(CublasLtApi.Create(out _library), "cublasLtCreate");
    }

    public nint Library => _library;

    /// <summary>Name and version of the loaded library. They are part of the key of remembered algorithms.</summary>
    public static string LibraryIdentity()
    {
        var version = (int)CublasLtApi.GetVersion();
        return string.Create(CultureInfo.InvariantCulture, $"cuBLASLt {version / 10000}.{version / 100 % 100}.{version % 100}");
    }

    public void Run(in GemmDescription description, in GemmOperands operands, CudaStream stream)
    {
        Check(description, operands);
        if (description.M == 0 || description.N == 0) return;
        _device.Context.MakeCurrent();
        var workspace = stream.GemmWorkspace;
        int status;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_library == 0, typeof(CudaDevice));
            status = Plan(description, AlignmentOf(operands)).Run(_library, operands, workspace, _device.Options.GemmWorkspace, stream.Handle);
        }
        if (status != CublasLtApi.Success) CublasLtStatus.Throw(status, $"cublasLtMatmul({description})");
    }

    public void Tune(in GemmDescription description, CudaStream stream)
    {
        if (description.M == 0 || description.N == 0 || description.Deterministic || _remembered.Contains(description)) return;
        if (stream.IsCapturing) throw new InvalidOperationException("products cannot be timed while the stream is captured");
        _device.Context.MakeCurrent();
        using var search = new GemmAlgorithmSearch(_device, this, description, stream);
        var best = search.Run();
        lock (_gate)
        {
            _remembered.Add(description, best);
            if (_plans.TryGetValue((description, BestAlignment), out var plan)) plan.Algorithm = best;
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            foreach (var plan in _plans.Values) plan.Dispose();
            _plans.Clear();
            if (_library == 0) return;
            _device.Context.MakeCurrent();
            _ = CublasLtApi.Destroy(_library);
            _library = 0;
        }
    }

    private CublasLtPlan Plan(in GemmDescription description, int alignment)
    {
        if (_plans.TryGetValue((description, alignment), out var plan)) return plan;
        if (_plans.Count >= MostPlans)
        {
            foreach (var old in _plans.Values) old.Dispose();
            _plans.Clear();
        }
        plan = new CublasLtPlan(description, alignment);
        try
        {
            var workspace = _device.Options.GemmWorkspace;
            plan.Algorithm =
                alignment == BestAlignment && _remembered.TryGet(description, out var known) && plan.Accepts(_library, known, workspace)
                    ? known
                    : plan.Propose(_library, 1, workspace)[0].Algorithm;
        }
        catch
        {
            plan.Dispose();
            throw;
        }
        _plans.Add((description, alignment), plan);
        return plan;
    }

    private static void Check(in GemmDescription description, in GemmOperands operands)
    {
        if (description.M < 0 || description.N < 0 || description.K < 1 || description.Batch < 0)
            throw new ArgumentException($"no such product: {description}", nameof(description));
        if (description.Epilogue == GemmEpilogue.Bias && operands.Bias == 0)
            throw new ArgumentException($"the bias of {description} has no address", nameof(operands));
    }

    private static int AlignmentOf(in GemmOperands operands)
    {
        var bits = operands.A | operands.B | operands.C | operands.Bias | BestAlignment;
        return 1 << BitOperations.TrailingZeroCount(bits);
    }
}
