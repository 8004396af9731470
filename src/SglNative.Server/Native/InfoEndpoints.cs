using System.Diagnostics;
using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using SglNative.Core;
using SglNative.Core.Tensors;
using SglNative.Engine.Configuration;
using SglNative.Engine.Generation;
using SglNative.Engine.Sampling;
using SglNative.Server.Http;

namespace SglNative.Server.Native;

/// <summary>Health and information.</summary>
internal sealed class InfoEndpoints(ServedModel served)
{
    private readonly long _started = Stopwatch.GetTimestamp();

    /// <summary>The program's version.</summary>
    public static string Version { get; } =
        typeof(InfoEndpoints).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";

    /// <summary><c>GET /health</c>: the server is up, and its engine did not fail at the last steps.</summary>
    public Task HealthAsync(HttpContext context) => AnswerAsync(context, served.Engine.Failure);

    /// <summary><c>GET /health_generate</c>: the engine computes tokens now.</summary>
    public async Task HealthGenerateAsync(HttpContext context) =>
        await AnswerAsync(context, await HealthProbe.RunAsync(served.Engine, context.RequestAborted).ConfigureAwait(false)).ConfigureAwait(false);

    /// <summary>One token from one token: what warm-up and health checks generate.</summary>
    public static GenerateRequest Probe { get; } = new() { InputIds = [0], Sampling = new SamplingParams { MaxNewTokens = 1, Temperature = 0 } };

    /// <summary>Throws unless <c>--preferred-sampling-params</c> is a JSON object, which it is reported as.</summary>
    /// <exception cref="SglException">It is something else.</exception>
    public static void CheckPreferredSamplingParams(ServerArgs args)
    {
        if (args.PreferredSamplingParams is not { } json) return;
        try
        {
            using var document = JsonDocument.Parse(json);
            if (document.RootElement.ValueKind == JsonValueKind.Object) return;
        }
        catch (JsonException)
        {
            // Said below.
        }
        throw new SglException($"--preferred-sampling-params is {json}, expected a JSON object such as {{\"temperature\": 0.7}}");
    }

    /// <summary><c>GET /model_info</c>.</summary>
    public Task ModelInfoAsync(HttpContext context)
    {
        var model = served.Engine.Model;
        JsonElement? preferred = null;
        if (served.Args.PreferredSamplingParams is { } json)
        {
            using var document = JsonDocument.Parse(json);
            preferred = document.RootElement.Clone();
        }
        return context.WriteAsync(new NativeModelInfo(model.ModelPath, served.Args.TokenizerPath ?? model.ModelPath, true, preferred, served.Args.WeightVersion,
            model.Architecture, model.ClassName, model.Package, model.Device, model.DType.TorchName(), model.ContextLength, model.VocabSize, false, false),
            ServerJson.Default.NativeModelInfo);
    }

    /// <summary><c>GET /server_info</c>.</summary>
    public Task ServerInfoAsync(HttpContext context)
    {
        var (model, stats) = (served.Engine.Model, served.Engine.Stats);
        var used = stats.UsedPages * model.PageSize;
        return context.WriteAsync(new NativeServerInfo(Version, model.ModelPath, served.Name, model.Device, model.DType.TorchName(), model.ContextLength,
            model.MaxTotalTokens, model.PageSize, model.WeightBytes, served.Args.SchedulePolicy, Stopwatch.GetElapsedTime(_started).TotalSeconds,
            [new InternalState(stats.Running, stats.Waiting, used, (double)used / model.MaxTotalTokens, stats.PromptTokens, stats.GeneratedTokens, stats.Arrived)]),
            ServerJson.Default.NativeServerInfo);
    }

    private static Task AnswerAsync(HttpContext context, string? failure) => failure is null
        ? context.WriteAsync(new HealthStatus("ok"), ServerJson.Default.HealthStatus)
        : context.WriteErrorAsync(StatusCodes.Status503ServiceUnavailable, failure);
}
