using SglNative.Engine.Configuration.Flags;

namespace SglNative.Engine.Configuration.Surface;

internal static class LoaderFlags
{
    private const string OnlyRemote = "it matters for --load-format remote_instance only, which is not there yet";
    private const string NoVision = "the models there are take text only";
    private const string Encrypted = "encrypted checkpoints";
    private const string EncryptedNearest = "a folder with the decrypted checkpoint";

    public static FlagGroup Loader { get; } = new("Weight loader",
    [
        Flag.Texts("--custom-weight-loader", "Python functions that may update the weights.")
            .NotYet("loaders in Python", "a checkpoint in safetensors files"),
        Flag.Switch("--weight-loader-disable-mmap", "Read the files instead of mapping them.").NoEffect("every byte is read once, which mapping does not change"),
        Flag.Switch("--weight-loader-prefetch-checkpoints", "Read the files ahead in the background.").NoEffect("files are read in order, and the system reads ahead"),
        Flag.Integer("--weight-loader-prefetch-num-threads", 4, "Threads that read ahead.").NoEffect("files are read in order, and the system reads ahead"),
        Flag.Text("--remote-instance-weight-loader-seed-instance-ip", "Server to copy the weights from.").Shown("ADDRESS").NoEffect(OnlyRemote),
        Flag.Integer("--remote-instance-weight-loader-seed-instance-service-port", "Its port.").NoEffect(OnlyRemote),
        Flag.JsonList("--remote-instance-weight-loader-send-weights-group-ports", "Ports over which the weights travel.").NoEffect(OnlyRemote),
        Flag.Text("--remote-instance-weight-loader-backend", "nccl", "How they travel.").OneOf("transfer_engine", "nccl").Shown("NAME").NoEffect(OnlyRemote),
        Flag.Switch("--remote-instance-weight-loader-start-seed-via-transfer-engine", "Offer the weights to other servers.").NoEffect(OnlyRemote),
    ]);

    public static FlagGroup Multimodal { get; } = new("Multimodal",
    [
        Flag.Integer("--mm-max-concurrent-calls", 32, "Images processed at once.").NoEffect(NoVision),
        Flag.Number("--mm-per-request-timeout", 10, "Seconds for one image.").NoEffect(NoVision),
        Flag.Switch("--enable-broadcast-mm-inputs-process", "Process images on one rank.").NoEffect(NoVision),
        Flag.JsonObject("--mm-process-config", "Options of processing images, video and audio.", "{}").NoEffect(NoVision),
        Flag.Switch("--mm-enable-dp-encoder", "Copy the encoder to every rank.").NoEffect(NoVision),
        Flag.JsonObject("--limit-mm-data-per-request", "Most images, videos and audio clips of a request.").NoEffect(NoVision),
        Flag.Switch("--enable-mm-global-cache", "Share encoded images between servers.").NoEffect(NoVision),
        Flag.Switch("--enable-prefix-mm-cache", "Cache encoded images.").NoEffect(NoVision),
    ]);

    public static FlagGroup Misc { get; } = new("Miscellaneous",
    [
        Flag.Text("--decrypted-config-file", "File of the decrypted configuration.").Shown("FILE").NotYet(Encrypted, EncryptedNearest),
        Flag.Text("--decrypted-draft-config-file", "The same for the guessing model.").Shown("FILE").NotYet(Encrypted, EncryptedNearest),
        Flag.JsonList("--forward-hooks", "Python functions to call around modules.")
            .NotYet("hooks in Python", "--debug-tensor-dump-output-folder, which writes every module's output"),
        Flag.Text("--msprobe-dump-config", "Configuration of MindStudio's probe.").Shown("FILE")
            .NotYet("MindStudio's probe", "--debug-tensor-dump-output-folder, which writes every module's output"),
    ]);
}
