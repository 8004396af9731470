using SglNative.Core;
using SglNative.Core.Checkpoints;
using SglNative.Core.Tensors;
using SglNative.Models.Parallelism;
using SglNative.Models.Registry;
using SglNative.Models.Weights;

namespace SglNative.Models.Tests.Parallelism;

/// <summary>What the ranks hold of every golden's weights, put together.</summary>
public class SlicesTests
{
    /// <summary>Those whose heads divide, of architectures with a class of their own.</summary>
    public static TheoryData<string> Goldens { get; } =
    [
        .. Directory.GetDirectories(TestFiles.Goldens).Where(folder => RankSplit.Refusal(folder, 2) is null).Select(folder => Path.GetFileName(folder))
            .Where(golden => !ModelRegistry.Default.IsUnknown(ModelUnderTest.Config(golden).FindStrings("architectures") ?? [])).Order(StringComparer.Ordinal),
    ];

    [Theory]
    [MemberData(nameof(Goldens))]
    public void All_ranks_together_hold_every_weight_of_the_checkpoint(string golden)
    {
        using var checkpoint = Checkpoint.Open(TestFiles.Golden(golden));
        // Four ranks where that is possible: keys and values are then held twice, and some vocabularies do not divide.
        Assert.True(Whole(golden, 2, checkpoint));
        Whole(golden, 4, checkpoint);
    }

    private static bool Whole(string golden, int size, Checkpoint checkpoint)
    {
        var found = new Dictionary<string, float[]>(StringComparer.Ordinal);
        IReadOnlyDictionary<string, SourceTensor> tensors = new Dictionary<string, SourceTensor>();
        for (var rank = 0; rank < size; rank++)
        {
            ModelUnderTest model;
            try
            {
                model = ModelUnderTest.Load(golden, new ParallelContext(rank, size));
            }
            catch (SglException e) when (size > 2)
            {
                Assert.Contains($"the tensor-parallel size {size}", e.Message);
                return false;
            }
            using (model)
            {
                tensors = model.Model.WeightMap.Apply(checkpoint);
                foreach (var parameter in model.Build.Parameters) Collect(parameter, found);
            }
        }
        Assert.Equal(tensors.Keys.Order(), found.Keys.Order());
        foreach (var (source, values) in found) Assert.True(values.SequenceEqual(Floats(tensors[source])), $"{source}, {size} ranks");
        return true;
    }

    // NaN where no rank has been seen yet; what two ranks, or two parameters, hold must be the same.
    private static void Collect(Parameter parameter, Dictionary<string, float[]> found)
    {
        var values = ModelUnderTest.Values(parameter);
        var covered = 0L;
        foreach (var part in parameter.Parts)
        {
            if (!found.TryGetValue(part.Source, out var whole))
                found.Add(part.Source, whole = [.. Enumerable.Repeat(float.NaN, (int)part.SourceShape.Count)]);
            var (outer, inner) = (1L, 1L);
            var (start, length, all) = part.Axis < 0 ? (0, part.SourceShape.Count, part.SourceShape.Count) : (part.Start, part.Length, part.SourceShape[part.Axis]);
            for (var i = 0; i < part.Axis; i++) outer *= part.SourceShape[i];
            for (var i = part.Axis + 1; i < part.SourceShape.Rank && part.Axis >= 0; i++) inner *= part.SourceShape[i];
            for (var o = 0L; o < outer; o++)
                for (var i = 0L; i < length * inner; i++)
                {
                    ref var place = ref whole[(o * all + start) * inner + i];
                    var value = values[part.Offset + o * length * inner + i];
                    Assert.True(float.IsNaN(place) || place == value, $"{part.Source}: two ranks hold different values");
                    place = value;
                }
            covered += part.Shape.Count;
        }
        // What fills a vocabulary up is zeros.
        if (covered < parameter.Shape.Count) Assert.All(values[(int)covered..], value => Assert.Equal(0, value));
    }

    private static unsafe float[] Floats(SourceTensor tensor)
    {
        var floats = new float[tensor.Shape.Count];
        var elements = tensor.Read();
        HostConversion.ToFloats(new ReadOnlySpan<byte>((void*)elements.Address, floats.Length * tensor.DType.Size()), tensor.DType, floats);
        GC.KeepAlive(elements.Owner);
        return floats;
    }
}
