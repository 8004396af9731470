using System.Text.Json;
using System.Text.Json.Serialization;

namespace SglNative.Core.Configuration;

/// <summary>Serialisers made at compile time, so that trimmed programs can merge configurations too.</summary>
[JsonSerializable(typeof(Dictionary<string, JsonElement>))]
internal sealed partial class JsonConfigContext : JsonSerializerContext;
