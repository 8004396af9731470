using SglNative.Core.Configuration;
using SglNative.Core.Tensors;
using SglNative.Cpu;
using SglNative.Cuda;
using SglNative.Cuda.Catalog;
using SglNative.Engine.Loading;
using SglNative.Interop.Kernels;
using SglNative.Models.Modules;
using SglNative.Models.Registry;
using SglNative.Testing;

namespace SglNative.Emulated.Tests;

/// <summary>What models of published sizes launch, found out on devices that are not there.</summary>
public sealed class RehearsalTests
{
    private const int Chunk = 8192;

    // A checkpoint of the tests for everything but the sizes.
    private static readonly (string Golden, string Sizes)[] Published =
    [
        ("llama3", """{"hidden_size": 4096, "intermediate_size": 14336, "num_attention_heads": 32, "num_key_value_heads": 8, "head_dim": 128}"""),
        ("llama32_tied", """{"hidden_size": 2048, "intermediate_size": 8192, "num_attention_heads": 32, "num_key_value_heads": 8, "head_dim": 64}"""),
        ("llama3", """{"hidden_size": 8192, "intermediate_size": 28672, "num_attention_heads": 64, "num_key_value_heads": 8, "head_dim": 128}"""),
        ("qwen2", """{"hidden_size": 3584, "intermediate_size": 18944, "num_attention_heads": 28, "num_key_value_heads": 4}"""),
        ("qwen3", """{"hidden_size": 1024, "intermediate_size": 3072, "num_attention_heads": 16, "num_key_value_heads": 8, "head_dim": 128}"""),
        ("phi3", """{"hidden_size": 3072, "intermediate_size": 8192, "num_attention_heads": 32, "num_key_value_heads": 32}"""),
        ("gemma", """{"hidden_size": 2048, "intermediate_size": 16384, "num_attention_heads": 8, "num_key_value_heads": 1, "head_dim": 256}"""),
        ("gemma2", """{"hidden_size": 3584, "intermediate_size": 14336, "num_attention_heads": 16, "num_key_value_heads": 8, "head_dim": 256, "query_pre_attn_scalar": 256}"""),
        ("olmo", """{"hidden_size": 4096, "intermediate_size": 11008, "num_attention_heads": 32, "num_key_value_heads": 32}"""),
        ("olmo2", """{"hidden_size": 4096, "intermediate_size": 11008, "num_attention_heads": 32, "num_key_value_heads": 32}"""),
        ("mixtral", """{"hidden_size": 4096, "intermediate_size": 14336, "num_attention_heads": 32, "num_key_value_heads": 8, "num_local_experts": 8, "num_experts_per_tok": 2, "head_dim": 128}"""),
        ("qwen3_moe", """{"hidden_size": 2048, "intermediate_size": 6144, "moe_intermediate_size": 768, "num_experts": 128, "num_experts_per_tok": 8, "num_attention_heads": 32, "num_key_value_heads": 4, "head_dim": 128}"""),
        ("gpt_oss", """{"hidden_size": 2880, "intermediate_size": 2880, "num_attention_heads": 64, "num_key_value_heads": 8, "head_dim": 64, "num_local_experts": 32, "num_experts_per_tok": 4}"""),
        ("deepseek_v2_lite", """{"hidden_size": 2048, "intermediate_size": 10944, "moe_intermediate_size": 1408, "n_routed_experts": 64, "num_experts_per_tok": 6, "num_attention_heads": 16, "num_key_value_heads": 16, "kv_lora_rank": 512, "qk_nope_head_dim": 128, "qk_rope_head_dim": 64, "v_head_dim": 128}"""),
        ("deepseek_v3", """{"hidden_size": 7168, "intermediate_size": 18432, "moe_intermediate_size": 2048, "n_routed_experts": 256, "num_experts_per_tok": 8, "n_group": 8, "topk_group": 4, "num_attention_heads": 128, "num_key_value_heads": 128, "q_lora_rank": 1536, "kv_lora_rank": 512, "qk_nope_head_dim": 128, "qk_rope_head_dim": 64, "v_head_dim": 128}"""),
        ("qwen3_next", """{"hidden_size": 2048, "moe_intermediate_size": 512, "shared_expert_intermediate_size": 512, "num_experts": 512, "num_experts_per_tok": 10, "num_attention_heads": 16, "num_key_value_heads": 2, "head_dim": 256, "linear_num_key_heads": 16, "linear_num_value_heads": 32, "linear_key_head_dim": 128, "linear_value_head_dim": 128}"""),
        ("lfm2", """{"hidden_size": 2048, "intermediate_size": 8192, "num_attention_heads": 32, "num_key_value_heads": 8}"""),
    ];

    public static TheoryData<string> Architectures => [.. ChipProfile.Architectures];

    [Theory]
    [MemberData(nameof(Architectures))]
    public void What_published_models_launch_is_in_the_catalogue(string architecture)
    {
        var listed = KernelCatalog.Sources(architecture).Select(Name).ToHashSet();
        var missing = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var device in ChipProfile.For(architecture))
            foreach (var (golden, sizes) in Published)
                foreach (var (dtype, pageSize) in ((DType, int)[])[(DType.BFloat16, 64), (DType.Float16, 16), (DType.Float32, 1)])
                    foreach (var kernel in CudaBackend.Rehearse("cuda", device, Rehearsal(golden, sizes, dtype, pageSize).Run))
                        if (!listed.Contains(Name(kernel))) missing.Add($"{Name(kernel)} ({golden}, {dtype}, pages of {pageSize})");
        Assert.True(missing.Count == 0, $"not in the catalogue:\n{string.Join('\n', missing)}");
    }

    [Fact]
    public void Each_kernel_is_noted_once()
    {
        var kernels = CudaBackend.Rehearse("cuda", ChipProfile.For("sm_90a")[0], Rehearsal("qwen3_next", "{}", DType.BFloat16, 64).Run).Select(Name).ToArray();
        Assert.Equal(kernels.Length, kernels.Distinct().Count());
        Assert.Contains(kernels, name => name.StartsWith("attention/combine.cu", StringComparison.Ordinal));
        Assert.Contains(kernels, name => name.StartsWith("recurrent/delta_scan.cu", StringComparison.Ordinal));
        Assert.Contains(kernels, name => name.StartsWith("sampling/edit_logits.cu", StringComparison.Ordinal));
    }

    private static KernelRehearsal Rehearsal(string golden, string sizes, DType dtype, int pageSize)
    {
        var config = CheckpointConfig.Load(TestFiles.Golden(golden), sizes);
        var entry = ModelRegistry.Default.Copy().Resolve(config.Architectures);
        return new KernelRehearsal(new ModelBuild(new CpuBackend(new CpuOptions { Threads = 1 }), dtype, 4096), root => entry.Factory(config.Text, root), pageSize, Chunk, dtype);
    }

    private static string Name(KernelSource source) => $"{source.Name} {source.Instantiations[0]}";
}
