using System.Text.Json;
using SglNative.Core;
using SglNative.Engine.Generation;
using SglNative.Models.Operations;
using SglNative.Server.Http;

namespace SglNative.Server.Native;

/// <summary>
/// The fields of a <c>/generate</c> request for one of its prompts: in a batch, each is one value for all prompts or an array with
/// one for each.
/// </summary>
internal readonly struct BatchFields(RequestFields fields, int count, bool isBatch)
{
    /// <summary>The value for prompt <paramref name="index"/>; null where there is none.</summary>
    /// <exception cref="SglException">The array has another length than the batch.</exception>
    public JsonElement? Find(string name, int index)
    {
        if (fields.Find(name) is not { } value) return null;
        if (isBatch && value.ValueKind == JsonValueKind.Array)
        {
            if (value.GetArrayLength() != count) throw new SglException($"{name} has {value.GetArrayLength()} entries, expected one for each of the {count} prompts");
            value = value[index];
        }
        return value.ValueKind == JsonValueKind.Null ? null : value;
    }

    public bool Bool(string name, int index) => Find(name, index) is { } value
        && (value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : throw fields.Wrong(name, "true or false", value));

    public int Int(string name, int index, int fallback) => Find(name, index) is { } value ? fields.Int(value, name) : fallback;

    public RequestFields? Object(string name, int index) => Find(name, index) is { } value ? new RequestFields(value, name) : null;

    /// <summary>The name of a prompt's request: in a batch, one name for all is made one for each.</summary>
    public string? RequestId(int index)
    {
        const string name = "rid";
        if (Find(name, index) is not { } value) return null;
        if (value.ValueKind != JsonValueKind.String) throw fields.Wrong(name, "a string", value);
        var isShared = isBatch && fields.Find(name)!.Value.ValueKind == JsonValueKind.String;
        return isShared ? $"{value.GetString()}_{index}" : value.GetString();
    }

    /// <summary>The prompt itself, with every option that goes with it.</summary>
    public GenerateRequest Complete(GenerateRequest prompt, int index)
    {
        var logProbs = Bool("return_logprob", index);
        return prompt with
        {
            Sampling = NativeSampling.Read(Object("sampling_params", index)),
            ReturnLogProbs = logProbs,
            LogProbStart = logProbs ? Start(index) : -1,
            TopLogProbs = logProbs ? Top(index) : 0,
            RequestId = RequestId(index),
        };
    }

    private int Top(int index) => Int("top_logprobs_num", index, 0) is >= 0 and <= Ops.MaxTopLogProbs and var top ? top
        : throw new SglException($"top_logprobs_num is {Int("top_logprobs_num", index, 0)}, expected in [0, {Ops.MaxTopLogProbs}]");

    private int Start(int index) => Int("logprob_start_len", index, -1) is >= -1 and var start ? start
        : throw new SglException($"logprob_start_len is {Int("logprob_start_len", index, -1)}, expected -1 (the output only) or a position of the prompt");
}
