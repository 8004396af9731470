namespace SglNative.Engine.Configuration;

/// <summary>What <c>--sampling-defaults</c> asks for: where sampling values come from that a request leaves out.</summary>
public enum SamplingDefaults
{
    /// <summary>The checkpoint's <c>generation_config.json</c>, then OpenAI's values.</summary>
    Model,

    /// <summary>OpenAI's values (temperature 1, top_p 1).</summary>
    OpenAi,
}
