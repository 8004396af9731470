using System.Text.Json;

namespace SglNative.Server.Native;

/// <summary>What <c>/model_info</c> answers.</summary>
internal sealed record NativeModelInfo(
    string ModelPath, string TokenizerPath, bool IsGeneration, JsonElement? PreferredSamplingParams, string WeightVersion,
    string Architecture, string ModelClass, string Package, string Device, string Dtype, int ContextLength, int VocabSize, bool HasImageUnderstanding, bool HasAudioUnderstanding);

/// <summary>What <c>/server_info</c> answers.</summary>
internal sealed record NativeServerInfo(
    string Version, string ModelPath, string ServedModelName, string Device, string Dtype, int ContextLength, int MaxTotalNumTokens, int PageSize, long WeightBytes,
    string SchedulePolicy, double UptimeSeconds, IReadOnlyList<InternalState> InternalStates);

/// <summary>Counts of the scheduler.</summary>
internal sealed record InternalState(int NumRunningReqs, int NumQueueReqs, int NumUsedTokens, double TokenUsage, long PromptTokensTotal, long GenerationTokensTotal, long RequestsTotal);

/// <summary>What <c>/health</c> answers.</summary>
internal sealed record HealthStatus(string Status);

/// <summary>What <c>/tokenize</c> answers for one text.</summary>
internal sealed record TokenizeAnswer(IReadOnlyList<int> Tokens, int Count, int MaxModelLen);

/// <summary>What <c>/tokenize</c> answers for several texts.</summary>
internal sealed record TokenizeBatchAnswer(IReadOnlyList<IReadOnlyList<int>> Tokens, IReadOnlyList<int> Count, int MaxModelLen);

/// <summary>What <c>/detokenize</c> answers for one list of tokens.</summary>
internal sealed record DetokenizeAnswer(string Text);

/// <summary>What <c>/detokenize</c> answers for several lists of tokens.</summary>
internal sealed record DetokenizeBatchAnswer(IReadOnlyList<string> Text);
