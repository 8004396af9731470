using SglNative.Engine.Configuration.Flags;

namespace SglNative.Engine.Configuration.Surface;

internal static class DisaggregationFlags
{
    private const string Split = "prefill and decode on different servers";
    private const string SplitNearest = "--disaggregation-mode null: one server that does both";
    private const string Only = "it matters with --disaggregation-mode only, which is not there yet";
    private const string Encoders = "encoders on servers of their own";
    private const string EncodersNearest = "a text model on one server";

    public static FlagGroup Group { get; } = new("Disaggregation",
    [
        Flag.Text("--disaggregation-mode", "null", "Whether the server does only prefill or only decode.").OneOf("null", "prefill", "decode").Shown("MODE")
            .NotYet(Split, SplitNearest),
        Flag.Text("--disaggregation-transfer-backend", "mooncake", "How the KV cache travels.").OneOf("mooncake", "nixl", "ascend", "fake", "mori").Shown("NAME")
            .NoEffect(Only),
        Flag.Integer("--disaggregation-bootstrap-port", 8998, "Port at which the servers meet.").NoEffect(Only),
        Flag.Text("--disaggregation-ib-device", "InfiniBand devices to use.").Shown("NAMES").NoEffect(Only),
        Flag.Switch("--disaggregation-decode-enable-offload-kvcache", "Offload the decode server's KV cache.").NoEffect(Only),
        Flag.Integer("--num-reserved-decode-tokens", 512, "Tokens reserved for each request on the decode server.").NoEffect(Only),
        Flag.Integer("--disaggregation-decode-polling-interval", 1, "Steps between two looks for arrivals.").NoEffect(Only),
        Flag.Switch("--encoder-only", "Serve only a model's vision or audio encoder.").NotYet(Encoders, EncodersNearest),
        Flag.Switch("--language-only", "Load only a model's language part.").NotYet(Encoders, EncodersNearest),
        Flag.Text("--encoder-transfer-backend", "zmq_to_scheduler", "How an encoder's output travels.").Shown("NAME")
            .OneOf("zmq_to_scheduler", "zmq_to_tokenizer", "mooncake").NoEffect("it matters with --language-only only, which is not there yet"),
        Flag.Texts("--encoder-urls", "Servers of the encoders.").NotYet(Encoders, EncodersNearest),
        Flag.Switch("--enable-pdmux", "Share one GPU between prefill and decode by partitions.").NotYet("partitions of a GPU", SplitNearest),
        Flag.Text("--pdmux-config-path", "File that describes the partitions.").Shown("FILE").NoEffect("it matters with --enable-pdmux only, which is not there yet"),
        Flag.Integer("--sm-group-num", 8, "Number of partitions.").NoEffect("it matters with --enable-pdmux only, which is not there yet"),
    ]);
}
