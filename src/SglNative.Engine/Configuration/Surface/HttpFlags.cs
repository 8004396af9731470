using SglNative.Engine.Configuration.Flags;

namespace SglNative.Engine.Configuration.Surface;

internal static class HttpFlags
{
    private const string Tls = "serving over TLS";
    private const string TlsNearest = "plain HTTP behind a proxy that ends TLS";

    public static FlagGroup Group { get; } = new("HTTP server",
    [
        Flag.Text("--host", "127.0.0.1", "Address to listen on; 0.0.0.0 for all.").Shown("HOST").Sets((args, host) => args with { Host = host }),
        Flag.Integer("--port", 30000, "TCP port to listen on; 0 takes any free one.")
            .Such(value => value is >= 0 and <= 65535, "a port from 0 to 65535").Sets((args, port) => args with { Port = port }),
        Flag.Text("--fastapi-root-path", "", "Path under which a reverse proxy publishes the server.").Shown("PATH")
            .NoEffect("routes start at the root, and a proxy takes its own prefix off"),
        Flag.Switch("--grpc-mode", "Serve gRPC instead of HTTP.").NotYet("a gRPC server", "the HTTP endpoints, without this flag"),
        Flag.Switch("--skip-server-warmup", "Be ready without having generated a token first.")
            .Sets((args, on) => args with { SkipServerWarmup = on }),
        Flag.Text("--warmups", "Named warm-up functions to run before the first request, separated by commas.").Shown("NAMES")
            .NoEffect("there are no named warm-up functions; one generated token warms the engine up"),
        Flag.Integer("--nccl-port", "Port for setting up collectives.").NoEffect("one process drives all devices and needs no port for it"),
        Flag.Switch("--checkpoint-engine-wait-weights-before-ready", "Be ready only when another process has delivered the weights.")
            .NotYet("weights delivered by another process", "weights in the folder that --model-path names"),
        Flag.Text("--ssl-keyfile", "Private key for TLS.").Shown("FILE").NotYet(Tls, TlsNearest),
        Flag.Text("--ssl-certfile", "Certificate for TLS.").Shown("FILE").NotYet(Tls, TlsNearest),
        Flag.Text("--ssl-ca-certs", "Certificates of those who may sign a client's.").Shown("FILE").NotYet(Tls, TlsNearest),
        Flag.Text("--ssl-keyfile-password", "Password of the private key.").NotYet(Tls, TlsNearest),
        Flag.Switch("--enable-ssl-refresh", "Read key and certificate again when the files change.").NotYet(Tls, TlsNearest),
        Flag.Switch("--enable-http2", "Speak HTTP/2 with clients that ask for it.").NoEffect("clients are answered over HTTP/1.1"),
    ]);
}
