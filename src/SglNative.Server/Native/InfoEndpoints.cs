using System.Diagnostics;
using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using SglNative.Core.Tensors;
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

    /// <summary><c>GET /health</c>: the server is up.</summary>
    public static Task HealthAsync(HttpContext context) => context.WriteAsync(new HealthStatus("ok"), ServerJson.Default.HealthStatus);

    /// <summary><c>GET /health_generate</c>: the model answers.</summary>
    public async Task HealthGenerateAsync(HttpContext context)
    {
        await served.Engine.GenerateAsync(Probe, context.RequestAborted).ConfigureAwait(false);
        await HealthAsync(context).ConfigureAwait(false);
    }

    /// <summary>One token from one token: what warm-up and health checks generate.</summary>
    public static GenerateRequest Probe => new() { InputIds = [0], Sampling = new SamplingParams { MaxNewTokens = 1, Temperature = 0 } };

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
}
