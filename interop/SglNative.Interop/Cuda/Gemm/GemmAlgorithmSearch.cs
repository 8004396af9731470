using SglNative.Core.Tensors;
using SglNative.Interop.Cuda.Native;
using SglNative.Interop.Gemm;

namespace SglNative.Interop.Cuda.Gemm;

/// <summary>
/// Times what cuBLASLt proposes for one product. Weights take turns in copies that together exceed the L2 cache, as the layers of a
/// model do; a search on one copy would favour what only wins in the cache.
/// </summary>
internal sealed class GemmAlgorithmSearch : IDisposable
{
    private const int Candidates = 32, MostCopies = 16, Rounds = 3;
    // Two bfloat16 (or float16) numbers of ordinary size, and an ordinary float32: zeros would draw less power and run faster.
    private const uint Pattern = 0x3c233c23;
    private readonly CudaDevice _device;
    private readonly CublasLtGemm _gemm;
    private readonly CudaStream _stream;
    private readonly CublasLtPlan _plan;
    private readonly List<GemmOperands> _copies = [];
    private readonly List<nint> _memory = [];
    private readonly DeviceEvent _start, _end;

    public GemmAlgorithmSearch(CudaDevice device, CublasLtGemm gemm, in GemmDescription description, CudaStream stream)
    {
        (_device, _gemm, _stream) = (device, gemm, stream);
        _plan = new CublasLtPlan(description, 16);
        _start = device.CreateEvent(timing: true);
        _end = device.CreateEvent(timing: true);
        try
        {
            AllocateOperands(description);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The fastest algorithm.</summary>
    public CublasLtAlgorithm Run()
    {
        var best = default(CublasLtAlgorithm);
        var bestTime = float.MaxValue;
        foreach (var proposal in _plan.Propose(_gemm.Library, Candidates, _device.Options.GemmWorkspace))
        {
            _plan.Algorithm = proposal.Algorithm;
            if (Time() is not { } time || time >= bestTime) continue;
            (best, bestTime) = (proposal.Algorithm, time);
        }
        return bestTime < float.MaxValue ? best : throw new DeviceException("none of the algorithms that cuBLASLt proposes runs");
    }

    public void Dispose()
    {
        _stream.Synchronize();
        foreach (var memory in _memory) _device.Free(memory);
        _memory.Clear();
        _plan.Dispose();
        _start.Dispose();
        _end.Dispose();
    }

    // Milliseconds of one product, the best of some rounds; null when the algorithm is refused after all.
    private float? Time()
    {
        if (Start(_copies[0]) != CublasLtApi.Success) return null;
        var best = float.MaxValue;
        for (var round = 0; round < Rounds; round++)
        {
            _stream.Record(_start);
            foreach (var operands in _copies) _ = Start(operands);
            _stream.Record(_end);
            _end.Synchronize();
            best = Math.Min(best, _end.ElapsedMilliseconds(_start) / _copies.Count);
        }
        return best;
    }

    private int Start(in GemmOperands operands) =>
        _plan.Run(_gemm.Library, operands, _stream.GemmWorkspace, _device.Options.GemmWorkspace, _stream.Handle);

    private void AllocateOperands(in GemmDescription d)
    {
        var batch = Math.Max(d.Batch, 1) - 1;
        var a = (d.TransposeA ? d.K : d.M) * d.LeadingA + batch * d.BatchStrideA;
        var b = (d.TransposeB ? d.N : d.K) * d.LeadingB + batch * d.BatchStrideB;
        var c = d.M * d.LeadingC + batch * d.BatchStrideC;
        var sharedA = Filled(a * d.TypeA.Size());
        var sharedC = Filled(c * d.TypeC.Size());
        var bias = Filled(Math.Max(d.N, 1) * (long)d.TypeC.Size());
        var bytes = b * d.TypeB.Size();
        var fitting = _device.GetMemoryInfo().Free / 2 / Math.Max(bytes, 1);
        var wanted = 2L * _device.Capabilities.L2CacheSize / Math.Max(bytes, 1) + 1;
        var copies = Math.Clamp(Math.Min(wanted, fitting), 1, MostCopies);
        for (var i = 0; i < copies; i++) _copies.Add(new GemmOperands(sharedA, Filled(bytes), sharedC) { Bias = bias });
        // Few large weights still want more than one product between the two events.
        while (_copies.Count < 4) _copies.Add(_copies[^(int)copies]);
    }

    private nint Filled(long bytes)
    {
        var words = bytes / sizeof(uint) + 1;
        var address = _device.Allocate(words * sizeof(uint));
        _memory.Add(address);
        _device.FillAsync(address, Pattern, words, _stream);
        return address;
    }
}
