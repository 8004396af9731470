using SglNative.Core;
using SglNative.Core.Progress;
using SglNative.Engine.Configuration;
using SglNative.Tokenizers;

namespace SglNative.Engine.Loading;

/// <summary>Finds the tokenizer that belongs to a model.</summary>
public static class TokenizerLoader
{
    /// <summary>Loads what <c>--tokenizer-path</c> names (downloads it where needed), or the model's own tokenizer.</summary>
    /// <param name="args">What is served.</param>
    /// <param name="modelDirectory">The folder of the model.</param>
    /// <param name="progress">Told how a download goes.</param>
    /// <param name="cancellation">Ends a download.</param>
    /// <exception cref="SglException">There is none, or it is damaged or of a kind that is not supported.</exception>
    public static async Task<HfTokenizer> LoadAsync(
        ServerArgs args, string modelDirectory, IByteProgress? progress = null, CancellationToken cancellation = default) =>
        HfTokenizer.Load(await ModelDirectory.ResolveTokenizerAsync(args, modelDirectory, progress, cancellation).ConfigureAwait(false));
}
