using SglNative.Core;
using SglNative.Core.Progress;
using SglNative.Core.Tensors;
using SglNative.Models.Backends;
using SglNative.Models.Modules;
using SglNative.Models.Operations;

namespace SglNative.Models.Weights;

/// <summary>Allocates a model's parameters and fills them, from a checkpoint or with made-up values.</summary>
public static class WeightLoader
{
    private const int StagingBytes = 16 << 20;
    private const float DummyStd = 0.02f;

    /// <summary>
    /// Throws unless every declared part is there in its shape and nothing is left over; all problems are listed in one message. A
    /// pipeline stage leaves what the other stages use.
    /// </summary>
    /// <exception cref="SglException">Tensors are missing, misshapen, of an unusable type or not used.</exception>
    public static void Check(ModelBuild build, IReadOnlyDictionary<string, SourceTensor> tensors, string checkpoint)
    {
        var problems = Problems(build, tensors);
        if (problems.Count == 0) return;
        const int shown = 8;
        var more = problems.Count > shown ? $"; and {problems.Count - shown} more" : "";
        throw new SglException($"{checkpoint}: {string.Join("; ", problems.Take(shown))}{more}");
    }

    /// <summary>Every part that is missing, misshapen or of an unusable type, and every tensor that is left over, a line each.</summary>
    public static IReadOnlyList<string> Problems(ModelBuild build, IReadOnlyDictionary<string, SourceTensor> tensors)
    {
        var problems = new List<string>();
        var used = new HashSet<string>(StringComparer.Ordinal);
        foreach (var part in build.Parameters.SelectMany(parameter => parameter.Parts))
        {
            used.Add(part.Source);
            if (!tensors.TryGetValue(part.Source, out var tensor)) problems.Add($"{part.Source} {part.SourceShape} is missing");
            else if (tensor.Shape != part.SourceShape) problems.Add($"{part.Source} has shape {tensor.Shape}, expected {part.SourceShape}");
            else if (!HostConversion.CanRead(tensor.DType)) problems.Add($"{part.Source} has type {tensor.DType.TorchName()}, expected bfloat16, float16 or float32");
        }
        // Rank 0 declares all that any rank does: it alone holds the biases that are added once.
        if (build.Stage.Count == 1 && build.Parallel.Rank == 0)
            problems.AddRange(tensors.Keys.Where(name => !used.Contains(name)).Order(StringComparer.Ordinal).Select(name => $"{name} {tensors[name].Shape} is not used by the model"));
        return problems;
    }

    /// <summary>Fills all parameters from checked tensors.</summary>
    public static void Load(ModelBuild build, IReadOnlyDictionary<string, SourceTensor> tensors, IByteProgress? progress = null)
    {
        var staging = new byte[StagingBytes];
        foreach (var parameter in build.Parameters)
        {
            parameter.Value = build.Backend.Allocate(parameter.Shape, parameter.DType);
            if (parameter.Parts.Sum(part => part.Shape.Count) < parameter.Shape.Count) build.Backend.Fill(parameter.Value, 0);
            foreach (var part in parameter.Parts) Place(build.Backend, parameter, part, tensors[part.Source], staging);
            progress?.Advance(parameter.ByteCount);
        }
        build.Loaded();
    }

    /// <summary>
    /// Fills all parameters with what they hold without a checkpoint, on the device, from a fixed seed. What every rank holds whole is the
    /// same on all.
    /// </summary>
    public static void LoadDummy(ModelBuild build, ulong seed, IByteProgress? progress = null)
    {
        foreach (var parameter in build.Parameters)
        {
            parameter.Value = build.Backend.Allocate(parameter.Shape, parameter.DType);
            if (parameter.Init == ParameterInit.Normal) build.Backend.FillNormal(parameter.Value, DummyStd, Seed(parameter.Name, seed));
            else build.Backend.Fill(parameter.Value, parameter.Init == ParameterInit.Ones ? 1 : 0);
            progress?.Advance(parameter.ByteCount);
        }
        build.Loaded();
    }

    /// <summary>Allocates all parameters and leaves them as they are: for a rehearsal (<see cref="Backend.Prepare"/>).</summary>
    public static void Allocate(ModelBuild build)
    {
        foreach (var parameter in build.Parameters) parameter.Value = build.Backend.Allocate(parameter.Shape, parameter.DType);
        build.Loaded();
    }

    // By name: ranks declare different numbers of parameters.
    private static ulong Seed(string name, ulong seed)
    {
        foreach (var c in name) seed = Ops.Mix(seed ^ c);
        return seed;
    }

    // Rows of the part's share go through the staging buffer as many at a time as fit; a row that does not fit is cut.
    private static unsafe void Place(Backend backend, Parameter parameter, WeightPart part, SourceTensor tensor, byte[] staging)
    {
        if (part.Shape.Count == 0) return;
        var (from, to) = (tensor.DType, parameter.DType);
        var (source, first) = part.Axis < 0 ? (tensor, 0) : tensor.Narrow(part.Axis, part.Start, part.Length);
        var elements = source.Read();
        var shape = part.Shape;
        // As a matrix of runs: what is dense in both source and destination.
        var (runs, run, sourceStep, sourceStart) = Runs(source.Shape, part, first);
        var target = new Tensor(parameter.Value.Data + (nint)(part.Offset * to.Size()), to, new Shape(shape.Count));
        var perChunk = staging.Length / Math.Max(from.Size(), to.Size());
        for (var r = 0L; r < runs;)
        {
            // Whole runs together when they are short, pieces of one when they are long.
            var count = Math.Max(1, Math.Min(runs - r, perChunk / run));
            for (var at = 0L; at < run; at += perChunk)
            {
                var length = (int)Math.Min(perChunk, run - at);
                for (var i = 0L; i < count; i++)
                {
                    var piece = new ReadOnlySpan<byte>((byte*)elements.Address + (sourceStart + (r + i) * sourceStep + at) * from.Size(), length * from.Size());
                    HostConversion.Convert(piece, from, staging.AsSpan((int)(i * run * to.Size()), length * to.Size()), to);
                }
                backend.Upload(staging.AsSpan(0, (int)(count * length * to.Size())), target.Slice(0, r * run + at, count * length));
            }
            r += count;
        }
        GC.KeepAlive(elements.Owner);
    }

    private static (long Runs, long Run, long SourceStep, long SourceStart) Runs(Shape source, WeightPart part, long first)
    {
        if (part.Axis < 0) return (1, Math.Max(1, source.Count), source.Count, 0);
        var (outer, inner) = (1L, 1L);
        for (var i = 0; i < part.Axis; i++) outer *= source[i];
        for (var i = part.Axis + 1; i < source.Rank; i++) inner *= source[i];
        return (outer, part.Length * inner, source[part.Axis] * inner, first * inner);
    }
}
