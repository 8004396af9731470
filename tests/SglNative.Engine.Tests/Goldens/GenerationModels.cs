using SglNative.Engine.Configuration;

namespace SglNative.Engine.Tests.Goldens;

/// <summary>
/// The checkpoints that every change is checked with. <c>ONLY_RUN=gemma2 dotnet test</c> runs one of them; so does
/// <c>ONLY_RUN=/models/gemma-2-2b dotnet test</c> with real weights that lie anywhere, beside a golden.safetensors from
/// <c>scripts/reference_hf.py --model-path DIR --output DIR/golden.safetensors</c>. A folder of such folders, as <c>scripts/draw_checkpoints.py</c>
/// makes, runs them all.
/// </summary>
internal static class GenerationModels
{
    private static readonly DTypeChoice[] AllTypes = [DTypeChoice.Float32, DTypeChoice.BFloat16, DTypeChoice.Float16];

    /// <summary>The table. A folder in tests/goldens that is not in it fails a test.</summary>
    public static IReadOnlyList<GenerationModel> All { get; } =
    [
        new("llama2", AllTypes), new("llama3", AllTypes), new("llama32_tied", AllTypes), new("llama_bias", AllTypes), new("llama_linear_rope", AllTypes),
        new("llama_yarn", AllTypes), new("wide_llama_gqa", AllTypes), new("wide_llama_hd64", AllTypes), new("wide_llama_hidden_288", AllTypes),
        new("mistral", AllTypes), new("mistral_nemo", AllTypes), new("wide_mistral_hd128_window", AllTypes),
        new("qwen2", AllTypes), new("qwen2_swa", AllTypes), new("wide_qwen2_hd64_bias", AllTypes), new("wide_qwen2_windows", AllTypes),
        new("qwen3", AllTypes), new("wide_qwen3_hd256", AllTypes), new("wide_qwen3_windows", AllTypes),
        new("wide_rope_dynamic", AllTypes), new("wide_rope_linear_v5", AllTypes), new("wide_rope_llama3_v5", AllTypes), new("wide_rope_longrope", AllTypes),
        new("wide_rope_yarn_betas", AllTypes), new("wide_rope_yarn_mscale", AllTypes), new("wide_rope_yarn_untruncated_v5", AllTypes),
        new("gemma", AllTypes), new("wide_gemma_mqa", AllTypes), new("gemma2", AllTypes), new("wide_gemma2_hd256", AllTypes),
        new("phi3", AllTypes), new("phi3_longrope", AllTypes), new("phi4_mini", AllTypes), new("wide_phi3_partial_longrope", AllTypes),
        new("olmo", AllTypes), new("wide_olmo_clip", AllTypes), new("olmo2", AllTypes), new("wide_olmo2_hd128", AllTypes),
        new("mixtral", AllTypes), new("wide_mixtral_window", AllTypes),
        new("qwen2_moe", AllTypes), new("wide_qwen2_moe_mixed", AllTypes), new("qwen3_moe", AllTypes), new("wide_qwen3_moe_40_experts", AllTypes),
        new("gpt_oss", AllTypes), new("wide_gpt_oss_mxfp4", AllTypes),
        new("deepseek_v2", AllTypes, ShortChunks: true), new("deepseek_v2_lite", AllTypes, ShortChunks: true), new("wide_deepseek_v2", AllTypes), new("wide_deepseek_v2_auto_map", AllTypes),
        new("deepseek_v3", AllTypes, ShortChunks: true), new("wide_deepseek_v3_yarn", AllTypes), new("wide_deepseek_v3_halves", AllTypes),
        new("wide_deepseek_v3_fp8", AllTypes),
        new("qwen3_next", AllTypes, ShortChunks: true), new("wide_qwen3_next", AllTypes), new("wide_qwen3_next_128", AllTypes),
        new("wide_generic_arcee", AllTypes), new("wide_generic_starcoder2", AllTypes), new("wide_generic_stablelm", AllTypes), new("wide_generic_granite", AllTypes),
        new("wide_generic_smollm3", AllTypes),
        new("lfm2", AllTypes, ShortChunks: true), new("wide_lfm2", AllTypes), new("wide_lfm2_bias", AllTypes),
    ];

    /// <summary>What this run is asked to check.</summary>
    public static IEnumerable<GenerationModel> Chosen
    {
        get
        {
            if (Environment.GetEnvironmentVariable("ONLY_RUN") is not { Length: > 0 } only) return All;
            if (All.FirstOrDefault(model => model.Id == only) is { } known) return [known];
            if (!Directory.Exists(only) || File.Exists(Path.Combine(only, "config.json"))) return [Elsewhere(only)];
            return Directory.GetDirectories(only).Order(StringComparer.Ordinal).Select(Elsewhere);
        }
    }

    private static GenerationModel Elsewhere(string folder) => new(Path.GetFileName(Path.TrimEndingDirectorySeparator(folder)), AllTypes, Folder: folder);
}
