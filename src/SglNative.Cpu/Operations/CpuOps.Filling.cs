using System.Runtime.CompilerServices;
using SglNative.Core.Tensors;
using SglNative.Cpu.Simd;
using SglNative.Models.Operations;

namespace SglNative.Cpu.Operations;

internal sealed unsafe partial class CpuOps<TSimd, TVector>
{
    private const int FillChunk = 1 << 16;
    private const int FillBlock = 512;

    public void Fill(in Tensor tensor, float value)
    {
        var job = new FillJob { Data = (byte*)tensor.Data, DType = tensor.DType, Count = tensor.Count, Value = value };
        pool.Run(checked((int)((job.Count + FillChunk - 1) / FillChunk)), &FillChunkWithValue, &job);
    }

    public void FillNormal(in Tensor tensor, float std, ulong seed)
    {
        var job = new FillJob { Data = (byte*)tensor.Data, DType = tensor.DType, Count = tensor.Count, Value = std, Seed = seed };
        pool.Run(checked((int)((job.Count + FillChunk - 1) / FillChunk)), &FillChunkWithNormal, &job);
    }

    private static void FillChunkWithValue(void* arguments, int chunk, int worker)
    {
        ref var job = ref *(FillJob*)arguments;
        var first = (long)chunk * FillChunk;
        var count = (int)Math.Min(FillChunk, job.Count - first);
        var data = job.Data + first * job.DType.Size();
        if (job.DType == DType.Float32)
        {
            new Span<float>(data, count).Fill(job.Value);
            return;
        }
        ushort bits;
        var value = job.Value;
        Conversion<TSimd, TVector>.FromFloat(&value, (byte*)&bits, job.DType, 1);
        new Span<ushort>(data, count).Fill(bits);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FillChunkWithNormal(void* arguments, int chunk, int worker)
    {
        ref var job = ref *(FillJob*)arguments;
        var first = (long)chunk * FillChunk;
        var end = Math.Min(job.Count, first + FillChunk);
        var u = stackalloc float[FillBlock / 2];
        var v = stackalloc float[FillBlock / 2];
        var values = stackalloc float[FillBlock];
        for (; first < end; first += FillBlock)
        {
            for (var i = 0; i < FillBlock / 2; i++)
            {
                var z = Mix(job.Seed ^ Mix((ulong)(first / 2 + i)));
                u[i] = ((uint)(z >> 41) + 0.5f) * (1f / (1 << 23));
                v[i] = ((uint)z >> 9) * (1f / (1 << 23));
            }
            for (var i = 0; i < FillBlock / 2; i += TSimd.Width)
            {
                var radius = TSimd.Sqrt(TSimd.Multiply(TSimd.Create(-2f), SimdMath<TSimd, TVector>.Log(TSimd.Load(u + i))));
                radius = TSimd.Multiply(radius, TSimd.Create(job.Value));
                var cos = SimdMath<TSimd, TVector>.CosSin2Pi(TSimd.Load(v + i), out var sin);
                TSimd.Store(u + i, TSimd.Multiply(radius, cos));
                TSimd.Store(v + i, TSimd.Multiply(radius, sin));
            }
            for (var i = 0; i < FillBlock / 2; i++) (values[2 * i], values[2 * i + 1]) = (u[i], v[i]);
            Conversion<TSimd, TVector>.FromFloat(values, job.Data + first * job.DType.Size(), job.DType, (int)Math.Min(FillBlock, end - first));
        }
    }

    private struct FillJob
    {
        public byte* Data;
        public DType DType;
        public long Count;
        public float Value;
        public ulong Seed;
    }
}
