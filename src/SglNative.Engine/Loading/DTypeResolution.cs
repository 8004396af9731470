using SglNative.Core.Tensors;
using SglNative.Engine.Configuration;

namespace SglNative.Engine.Loading;

/// <summary>Which type a model is computed in.</summary>
internal static class DTypeResolution
{
    /// <summary>
    /// What was asked for; for <c>auto</c> the checkpoint's own type, except that float32 checkpoints run in float16 on a GPU, as in
    /// SGLang.
    /// </summary>
    public static DType Resolve(DTypeChoice choice, DType? checkpoint, DeviceKind device) => choice switch
    {
        DTypeChoice.BFloat16 => DType.BFloat16,
        DTypeChoice.Float16 => DType.Float16,
        DTypeChoice.Float32 => DType.Float32,
        _ => checkpoint switch
        {
            DType.Float16 => DType.Float16,
            DType.Float32 or DType.Float64 => device == DeviceKind.Cuda ? DType.Float16 : DType.Float32,
            null => device == DeviceKind.Cuda ? DType.BFloat16 : DType.Float32,
            _ => DType.BFloat16,
        },
    };
}
