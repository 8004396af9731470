using System.Text.Json;
using Microsoft.AspNetCore.Http;
using SglNative.Core;
using SglNative.Server.Http;
using SglNative.Tokenizers;

namespace SglNative.Server.Native;

/// <summary><c>POST /tokenize</c> and <c>/detokenize</c>, also below <c>/v1</c>.</summary>
internal sealed class TokenizeEndpoints(ServedModel served)
{
    private HfTokenizer Tokenizer => served.Engine.Tokenizer ?? throw new SglException("the server runs with --skip-tokenizer-init and has no tokenizer");

    public async Task TokenizeAsync(HttpContext context)
    {
        using var body = await RequestBody.ReadAsync(context).ConfigureAwait(false);
        var fields = new RequestFields(body.RootElement);
        if (fields.Find("prompt") is not { } prompt) throw new SglException("prompt is missing: expected a text or an array of texts");
        var special = fields.FindBool("add_special_tokens", true);
        var ids = fields.FindStrings("prompt").Select(text => Tokenizer.EncodeToIds(text, special)).ToArray();
        var longest = served.Engine.Model.ContextLength;
        if (prompt.ValueKind == JsonValueKind.String)
            await context.WriteAsync(new TokenizeAnswer(ids[0], ids[0].Length, longest), ServerJson.Default.TokenizeAnswer).ConfigureAwait(false);
        else
            await context.WriteAsync(new TokenizeBatchAnswer(ids, [.. ids.Select(tokens => tokens.Length)], longest), ServerJson.Default.TokenizeBatchAnswer).ConfigureAwait(false);
    }

    public async Task DetokenizeAsync(HttpContext context)
    {
        using var body = await RequestBody.ReadAsync(context).ConfigureAwait(false);
        var fields = new RequestFields(body.RootElement);
        if (fields.Find("tokens") is not { ValueKind: JsonValueKind.Array } tokens) throw new SglException("tokens is missing: expected an array of token ids, or an array of those");
        var skip = fields.FindBool("skip_special_tokens", true);
        if (tokens.GetArrayLength() > 0 && tokens[0].ValueKind == JsonValueKind.Array)
        {
            var texts = new List<string>();
            foreach (var item in tokens.EnumerateArray())
                texts.Add(Decode(item.ValueKind == JsonValueKind.Array ? fields.Ints(item, "tokens") : throw fields.Wrong("tokens", "an array of arrays of token ids", item), skip));
            await context.WriteAsync(new DetokenizeBatchAnswer(texts), ServerJson.Default.DetokenizeBatchAnswer).ConfigureAwait(false);
            return;
        }
        await context.WriteAsync(new DetokenizeAnswer(Decode(fields.Ints(tokens, "tokens"), skip)), ServerJson.Default.DetokenizeAnswer).ConfigureAwait(false);
    }

    private string Decode(int[] ids, bool skipSpecialTokens)
    {
        foreach (var id in ids)
            if (Tokenizer.IdToToken(id) is null) throw new SglException($"tokens holds {id}, which the tokenizer does not know");
        return Tokenizer.Decode(ids, skipSpecialTokens);
    }
}
