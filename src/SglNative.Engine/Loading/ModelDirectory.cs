using SglNative.Core.Hub;
using SglNative.Core.Progress;
using SglNative.Engine.Configuration;

namespace SglNative.Engine.Loading;

/// <summary>From <c>--model-path</c> to a folder on this machine: the demo, a folder, or a download.</summary>
internal static class ModelDirectory
{
    public static Task<string> ResolveAsync(ServerArgs args, IByteProgress? progress, CancellationToken cancellation) =>
        args.ModelPath is { } path
            ? LocateAsync(path, args, args.LoadFormat != LoadFormat.Dummy, progress, cancellation)
            : Task.FromResult(DemoModel.Unpack());

    public static Task<string> ResolveTokenizerAsync(ServerArgs args, string modelDirectory, IByteProgress? progress, CancellationToken cancellation) =>
        args.TokenizerPath is null ? Task.FromResult(modelDirectory)
        : File.Exists(args.TokenizerPath) ? Task.FromResult(args.TokenizerPath)
        : LocateAsync(args.TokenizerPath, args, includeWeights: false, progress, cancellation);

    private static Task<string> LocateAsync(string path, ServerArgs args, bool includeWeights, IByteProgress? progress, CancellationToken cancellation) =>
        ModelPath.LocateAsync(path, null, new HubRequest(path)
        {
            Revision = args.Revision ?? "main",
            CacheDirectory = args.DownloadDir,
            IncludeWeights = includeWeights,
        }, progress, cancellation);
}
