using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace SglNative.Server.Http;

/// <summary>Writes JSON answers.</summary>
internal static class Responses
{
    /// <summary>A whole answer.</summary>
    public static async Task WriteAsync<T>(this HttpContext context, T body, JsonTypeInfo<T> type, int status = StatusCodes.Status200OK)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json; charset=utf-8";
        await JsonSerializer.SerializeAsync(context.Response.Body, body, type, context.RequestAborted).ConfigureAwait(false);
    }

    /// <summary>An error in OpenAI's shape.</summary>
    public static Task WriteErrorAsync(this HttpContext context, int status, string message, string? param = null, string? code = null) =>
        context.WriteAsync(ErrorBody.For(status, message, param, code), ServerJson.Default.ErrorBody, status);
}
