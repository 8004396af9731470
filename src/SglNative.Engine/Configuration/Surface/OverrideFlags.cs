using SglNative.Engine.Configuration.Flags;

namespace SglNative.Engine.Configuration.Surface;

internal static class OverrideFlags
{
    public static FlagGroup Group { get; } = new("Overrides",
    [
        Flag.JsonObject("--json-model-override-args", "JSON object laid over the checkpoint's config.json.", "{}")
            .Sets((args, json) => args with { JsonModelOverrideArgs = json ?? "{}" }),
        Flag.JsonObject("--preferred-sampling-params", "JSON object of sampling values that /model_info reports.")
            .Sets((args, json) => args with { PreferredSamplingParams = json }),
        Flag.Text("--config", "YAML file of flags. What the command line says beside it wins.").Shown("FILE").ForCommand(),
    ]);
}
