using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using SglNative.Server.Http;
using SglNative.Server.Native;
using SglNative.Server.OpenAi;

namespace SglNative.Server;

/// <summary>Everything the server writes as JSON: snake case, text as it is rather than escaped to ASCII.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ErrorBody))]
[JsonSerializable(typeof(ChatCompletion))]
[JsonSerializable(typeof(ChatCompletionChunk))]
[JsonSerializable(typeof(Completion))]
[JsonSerializable(typeof(ModelList))]
[JsonSerializable(typeof(GenerateAnswer))]
[JsonSerializable(typeof(IReadOnlyList<GenerateAnswer>))]
[JsonSerializable(typeof(NativeModelInfo))]
[JsonSerializable(typeof(NativeServerInfo))]
[JsonSerializable(typeof(HealthStatus))]
[JsonSerializable(typeof(TokenizeAnswer))]
[JsonSerializable(typeof(TokenizeBatchAnswer))]
[JsonSerializable(typeof(DetokenizeAnswer))]
[JsonSerializable(typeof(DetokenizeBatchAnswer))]
internal sealed partial class ServerJson : JsonSerializerContext
{
    static ServerJson() => Default = new ServerJson(new JsonSerializerOptions(s_defaultOptions) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
