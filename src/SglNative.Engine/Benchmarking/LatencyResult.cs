using System.Text;
using System.Text.Json;
using SglNative.Core.Tensors;
using SglNative.Engine.Loading;

namespace SglNative.Engine.Benchmarking;

/// <summary>What a latency run measured.</summary>
/// <param name="RunName">The user's name for the run.</param>
/// <param name="Case">What was run.</param>
/// <param name="PrefillSeconds">From the first step of the prompt to the first token.</param>
/// <param name="MedianDecodeSeconds">The median step after it; null when there was none.</param>
/// <param name="TotalSeconds">All steps.</param>
/// <param name="Prefill">What the prefill computed and read.</param>
/// <param name="Decode">What the decode step in the middle computed and read.</param>
public sealed record LatencyResult(
    string RunName, LatencyCase Case, double PrefillSeconds, double? MedianDecodeSeconds, double TotalSeconds, StepWork Prefill, StepWork Decode)
{
    /// <summary>Prompt tokens per second.</summary>
    public double PrefillThroughput => (double)Case.BatchSize * Case.InputLength / PrefillSeconds;

    /// <summary>Generated tokens per second in the median step.</summary>
    public double? MedianDecodeThroughput => Case.BatchSize / MedianDecodeSeconds;

    /// <summary>Prompt and generated tokens per second of the whole run.</summary>
    public double OverallThroughput => (double)Case.BatchSize * (Case.InputLength + Case.OutputLength) / TotalSeconds;

    /// <summary>One line of JSON: SGLang's fields by its names and in its order, then this program's.</summary>
    public string ToJson(ModelInfo model)
    {
        ArgumentNullException.ThrowIfNull(model);
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("run_name", RunName);
            json.WriteNumber("batch_size", Case.BatchSize);
            json.WriteNumber("input_len", Case.InputLength);
            json.WriteNumber("output_len", Case.OutputLength);
            json.WriteNumber("prefill_latency", PrefillSeconds);
            json.WriteNumber("prefill_throughput", PrefillThroughput);
            if (MedianDecodeSeconds is { } decode)
            {
                json.WriteNumber("median_decode_latency", decode);
                json.WriteNumber("median_decode_throughput", MedianDecodeThroughput!.Value);
            }
            json.WriteNumber("total_latency", TotalSeconds);
            json.WriteNumber("overall_throughput", OverallThroughput);
            json.WriteNumber("prefill_tflops", Prefill.Teraflops(PrefillSeconds));
            json.WriteNumber("prefill_gb_per_s", Prefill.Gigabytes(PrefillSeconds));
            if (MedianDecodeSeconds is { } seconds)
            {
                json.WriteNumber("decode_tflops", Decode.Teraflops(seconds));
                json.WriteNumber("decode_gb_per_s", Decode.Gigabytes(seconds));
            }
            json.WriteString("model_path", model.ModelPath);
            json.WriteString("architecture", model.Architecture);
            json.WriteString("dtype", model.DType.TorchName());
            json.WriteString("device", model.Device);
            json.WriteNumber("page_size", model.PageSize);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.ToArray());
    }
}
