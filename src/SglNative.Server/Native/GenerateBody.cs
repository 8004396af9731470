using System.Text.Json;
using SglNative.Core;
using SglNative.Engine.Generation;
using SglNative.Server.Http;

namespace SglNative.Server.Native;

/// <summary>What <c>/generate</c> was asked: one prompt or a batch of them, with parameters shared or one each.</summary>
/// <param name="Prompts">The prompts.</param>
/// <param name="IsBatch">Whether the answer is a list.</param>
/// <param name="Stream">Events instead of one answer.</param>
/// <param name="TextInLogProbs">Whether log probabilities carry the tokens' texts.</param>
internal sealed record GenerateBody(IReadOnlyList<GenerateRequest> Prompts, bool IsBatch, bool Stream, bool TextInLogProbs)
{
    private static readonly (string Field, string Missing)[] NotYet =
    [
        ("image_data", "images"), ("video_data", "videos"), ("audio_data", "audio"), ("input_embeds", "embeddings as input"), ("lora_path", "LoRA adapters"),
        ("session_params", "sessions"), ("custom_logit_processor", "custom logit processors"), ("token_ids_logprob", "log probabilities of chosen tokens"),
    ];

    public static GenerateBody Read(in RequestFields fields)
    {
        foreach (var (field, missing) in NotYet)
            if (fields.Find(field) is not null) throw new SglException($"{field}: {missing} not supported yet; leave the field out");
        if (fields.FindBool("return_hidden_states")) throw new SglException("return_hidden_states is not supported yet; leave the field out");
        var prompts = ReadPrompts(fields, out var isBatch);
        for (var i = 0; i < prompts.Count; i++)
        {
            var logProbs = Each(fields, "return_logprob", i, isBatch) is { } wanted && Bool(wanted, "return_logprob");
            prompts[i] = prompts[i] with
            {
                Sampling = NativeSampling.Read(Each(fields, "sampling_params", i, isBatch) is { } sampling ? new RequestFields(sampling, "sampling_params") : null),
                ReturnLogProbs = logProbs,
                LogProbStart = logProbs ? Number(Each(fields, "logprob_start_len", i, isBatch), "logprob_start_len", -1) : -1,
                TopLogProbs = logProbs ? Number(Each(fields, "top_logprobs_num", i, isBatch), "top_logprobs_num", 0) : 0,
                RequestId = Each(fields, "rid", i, isBatch) is { } rid ? rid.ValueKind == JsonValueKind.String && (!isBatch || fields.Find("rid")!.Value.ValueKind == JsonValueKind.Array)
                    ? rid.GetString() : null : null,
            };
        }
        return new GenerateBody(prompts, isBatch, fields.FindBool("stream"), fields.FindBool("return_text_in_logprobs"));
    }

    private static List<GenerateRequest> ReadPrompts(in RequestFields fields, out bool isBatch)
    {
        var (text, ids) = (fields.Find("text"), fields.Find("input_ids"));
        if (text is null == ids is null) throw new SglException("the request must have either text or input_ids");
        if (text is { } given)
        {
            isBatch = given.ValueKind == JsonValueKind.Array;
            var texts = fields.FindStrings("text");
            if (texts.Count == 0) throw new SglException("text is empty, expected at least one prompt");
            return [.. texts.Select(prompt => new GenerateRequest { Text = prompt })];
        }
        var array = ids!.Value;
        if (array.ValueKind != JsonValueKind.Array || array.GetArrayLength() == 0) throw fields.Wrong("input_ids", "a non-empty array of token ids, or an array of those", array);
        isBatch = array[0].ValueKind == JsonValueKind.Array;
        if (!isBatch) return [new GenerateRequest { InputIds = fields.Ints(array, "input_ids") }];
        var prompts = new List<GenerateRequest>();
        foreach (var item in array.EnumerateArray())
            prompts.Add(item.ValueKind == JsonValueKind.Array
                ? new GenerateRequest { InputIds = fields.Ints(item, $"input_ids[{prompts.Count}]") }
                : throw fields.Wrong($"input_ids[{prompts.Count}]", "an array of token ids", item));
        return prompts;
    }

    // A field of a batch is either one value for all or an array of one each.
    private static JsonElement? Each(in RequestFields fields, string name, int index, bool isBatch)
    {
        if (fields.Find(name) is not { } value) return null;
        if (!isBatch || value.ValueKind != JsonValueKind.Array) return value;
        return index < value.GetArrayLength() ? value[index] : throw new SglException($"{name} has {value.GetArrayLength()} entries, expected one for each prompt");
    }

    private static bool Bool(JsonElement value, string name) =>
        value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : throw new SglException($"{name} must be true or false");

    private static int Number(JsonElement? value, string name, int fallback) => value is not { ValueKind: not JsonValueKind.Null } given ? fallback
        : given.ValueKind == JsonValueKind.Number && given.TryGetInt32(out var number) ? number : throw new SglException($"{name} must be an integer");
}
