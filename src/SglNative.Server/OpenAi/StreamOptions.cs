using SglNative.Core;
using SglNative.Server.Http;

namespace SglNative.Server.OpenAi;

/// <summary>Whether and how an answer is streamed.</summary>
/// <param name="Stream">Events instead of one answer.</param>
/// <param name="IncludeUsage">A last event holds the usage.</param>
/// <param name="ContinuousUsage">Every event holds the usage so far.</param>
internal readonly record struct StreamOptions(bool Stream, bool IncludeUsage, bool ContinuousUsage)
{
    public static StreamOptions Read(in RequestFields fields)
    {
        var stream = fields.FindBool("stream");
        if (fields.FindObject("stream_options") is not { } options) return new StreamOptions(stream, false, false);
        if (!stream) throw new SglException("stream_options is given, but stream is not true");
        return new StreamOptions(stream, options.FindBool("include_usage"), options.FindBool("continuous_usage_stats"));
    }
}
