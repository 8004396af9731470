using System.Globalization;
using SglNative.Core.Tensors;
using SglNative.Cpu;
using SglNative.Cpu.Bench;
using SglNative.Cpu.Simd;

// Usage: SglNative.Cpu.Bench [--threads N] [--simd LEVEL] [--part ceilings|linear|attention|model]
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
string? Option(string name) => Array.IndexOf(args, name) is >= 0 and var i && i + 1 < args.Length ? args[i + 1] : null;
var threads = int.Parse(Option("--threads") ?? "0");
var simd = Enum.Parse<SimdLevel>(Option("--simd") ?? "Auto", ignoreCase: true);
var part = Option("--part");
bool Runs(string name) => part is null || part == name;

using var backend = new CpuBackend(new CpuOptions { Threads = threads, Simd = simd });
Console.WriteLine(backend.Description);
var bandwidth = Ceilings.ReadBandwidth(backend.ThreadCount);
var flops = Ceilings.MultiplyAdds(backend.ThreadCount);
Console.WriteLine($"ceilings                      {bandwidth / 1e9,8:F1} GB/s   {flops / 1e9,8:F0} GFLOP/s");

if (Runs("linear"))
{
    foreach (var (name, n, k) in ((string, int, int)[])[("qkv", 3072, 2048), ("gate_up", 16384, 2048), ("down", 2048, 8192), ("lm_head", 128256, 2048)])
    {
        var weight = backend.Allocate(new Shape(n, k), DType.BFloat16);
        backend.FillNormal(weight, 0.02f, 1);
        // Copies enough that no cache holds them all.
        var copies = (int)Math.Max(1, (256L << 20) / weight.ByteCount);
        var weights = Enumerable.Range(0, copies).Select(_ => { var w = backend.Allocate(weight.Shape, DType.BFloat16); backend.FillNormal(w, 0.02f, 2); return w; }).ToArray();
        foreach (var m in (int[])[1, 2, 4, 8, 32, 512])
        {
            if (m > 8 && n > 100_000) continue;
            var x = backend.Allocate(new Shape(m, k), DType.Float32);
            backend.FillNormal(x, 1, 3);
            var used = m > 8 ? weights[..1] : weights;
            var time = Measure.Best(m > 8 ? 4 : 3, () =>
            {
                foreach (var w in used)
                {
                    backend.Ops.Arena.BeginStep();
                    backend.Ops.Linear(x, w);
                }
            }) / used.Length;
            var (bytes, work) = ((double)weight.ByteCount / time, 2.0 * m * n * k / time);
            Console.WriteLine($"linear {name,-8} [{n,6},{k,5}] M={m,-4} {time * 1e6,9:F0} µs  {bytes / 1e9,7:F1} GB/s ({bytes / bandwidth,5:P0})  {work / 1e9,8:F0} GFLOP/s ({work / flops,5:P0})");
            backend.Free(x);
        }
        foreach (var w in weights) backend.Free(w);
        backend.Free(weight);
    }
}

if (Runs("model"))
{
    var model = new DecoderShape(backend, DType.BFloat16, 8192);
    foreach (var past in (int[])[0, 128, 4000])
    {
        var times = Measure.Times(12, model.Step(1, past));
        var (best, median) = (times[0], times[times.Length / 2]);
        Console.WriteLine($"Llama-3.2-1B shape, decode at {past,5}: best {1 / best,6:F2}, median {1 / median,6:F2} token/s  {model.WeightBytes / best / 1e9,6:F1} GB/s ({model.WeightBytes / best / bandwidth:P0})");
    }
    foreach (var tokens in (int[])[128, 512, 2048])
    {
        var time = Measure.Best(2, model.Step(tokens, 0));
        Console.WriteLine($"Llama-3.2-1B shape, prefill of {tokens,5}: {tokens / time,7:F1} token/s");
    }
}
