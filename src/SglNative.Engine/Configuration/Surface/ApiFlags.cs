using SglNative.Engine.Configuration.Flags;

namespace SglNative.Engine.Configuration.Surface;

internal static class ApiFlags
{
    public static FlagGroup Group { get; } = new("API",
    [
        Flag.Text("--api-key", "Key that clients must send as a bearer token.").Shown("KEY").Sets((args, key) => args with { ApiKey = key }),
        Flag.Text("--admin-api-key", "Key for the endpoints that change the server.").Shown("KEY")
            .NotYet("a second key for administrative endpoints", "--api-key, which guards every endpoint"),
        Flag.Text("--served-model-name", "Name that /v1/models reports.").Shown("NAME").Sets((args, name) => args with { ServedModelName = name }),
        Flag.Text("--weight-version", "default", "Version of the weights that answers report.").Sets((args, version) => args with { WeightVersion = version }),
        Flag.Text("--chat-template", "File of a chat template in Jinja, where it is not the tokenizer's own.").Shown("FILE")
            .Sets((args, template) => args with { ChatTemplate = template }),
        Flag.Text("--hf-chat-template-name", "Which of a tokenizer's named chat templates to use.").Shown("NAME")
            .Sets((args, name) => args with { HfChatTemplateName = name }),
        Flag.Text("--completion-template", "Template of fill-in-the-middle completions.").Shown("NAME")
            .NotYet("fill-in-the-middle templates", "/v1/completions with the prompt written out"),
        Flag.Text("--file-storage-path", "sglang_storage", "Folder of uploaded files.").Shown("DIR").NoEffect("no endpoint stores files"),
        Flag.Switch("--enable-cache-report", "Report in usage how many prompt tokens came from the cache.")
            .NoEffect("no prefixes are cached between requests yet, so the number would always be 0"),
        Flag.Text("--reasoning-parser", "Parser that separates a model's reasoning from its answer.").Shown("NAME")
            .NotYet("separating the reasoning from the answer", "a start without this flag: the reasoning stays in the answer's text"),
        Flag.Text("--tool-call-parser", "Parser that finds tool calls in a model's answer.").Shown("NAME")
            .NotYet("tool calls", "a start without this flag: answers are text"),
        Flag.Text("--tool-server", "Servers whose tools the model may call.").Shown("URLS").NotYet("tool servers", "a start without this flag: answers are text"),
        Flag.Text("--sampling-defaults", "model", "Where sampling values come from that a request leaves out: the checkpoint, or OpenAI's.")
            .OneOf("model", "openai").Shown("SOURCE")
            .Sets((args, source) => args with { SamplingDefaults = source == "openai" ? SamplingDefaults.OpenAi : SamplingDefaults.Model }),
    ]);
}
