using SglNative.Cpu;
using SglNative.Cpu.Ranks;
using SglNative.Engine.Configuration;
using SglNative.Engine.Loading;
using SglNative.Engine.Parallelism;
using SglNative.Models.Registry;

namespace SglNative.Engine.Tests.Parallelism;

/// <summary>A model whose weights several CPU backends of this process share, each computing on one thread.</summary>
internal sealed class CpuRanks : IDisposable
{
    private readonly CpuRankGroup _group;

    public CpuRanks(ServerArgs args, int size, ModelRegistry? registry = null)
    {
        _group = new CpuRankGroup(size);
        try
        {
            Loaded = ModelLoader.Load(args, args.ModelPath!, Devices(_group), registry ?? ModelRegistry.Default.Copy());
        }
        catch
        {
            _group.Dispose();
            throw;
        }
    }

    public LoadedModel Loaded { get; }

    public static RankDevices Devices(CpuRankGroup group) =>
        new(group.Size, rank => new CpuBackend(new CpuOptions { Threads = 1, Group = group, Rank = rank }));

    public void Dispose()
    {
        Loaded.Dispose();
        _group.Dispose();
    }
}
