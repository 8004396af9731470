using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using SglNative.Core;
using SglNative.Engine;

namespace SglNative.Server.Http;

/// <summary>Turns what a request's handler throws into an answer: the user's mistakes into 4xx, defects into a 500 with an id.</summary>
internal sealed class ErrorHandling(RequestDelegate next, ILogger<ErrorHandling> log)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context).ConfigureAwait(false);
            if (context.Response is { HasStarted: false, StatusCode: StatusCodes.Status404NotFound or StatusCodes.Status405MethodNotAllowed })
                await context.WriteErrorAsync(context.Response.StatusCode, context.Response.StatusCode == StatusCodes.Status404NotFound
                    ? $"there is no {context.Request.Method} {context.Request.Path}"
                    : $"{context.Request.Path} does not take {context.Request.Method}").ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client went away; nobody is left to answer.
        }
#pragma warning disable CA1031 // whatever a request throws ends that request alone
        catch (Exception e)
#pragma warning restore CA1031
        {
            await AnswerAsync(context, e).ConfigureAwait(false);
        }
    }

    private async Task AnswerAsync(HttpContext context, Exception e)
    {
        var (status, message) = Describe(e);
        try
        {
            if (!context.Response.HasStarted)
            {
                context.Response.Clear();
                await context.WriteErrorAsync(status, message).ConfigureAwait(false);
            }
            else if (!EventStream.IsOn(context))
            {
                // Half an answer must not look like a whole one.
                context.Abort();
            }
            else
            {
                // The status is gone; the stream carries the error and ends as streams do.
                var error = System.Text.Json.JsonSerializer.Serialize(ErrorBody.For(status, message), ServerJson.Default.ErrorBody);
                await context.Response.WriteAsync($"data: {error}\n\ndata: [DONE]\n\n", context.RequestAborted).ConfigureAwait(false);
            }
        }
        catch (Exception gone) when (gone is OperationCanceledException or IOException or InvalidOperationException)
        {
            log.LogDebug(gone, "the client went away before its error was sent");
        }
    }

    private (int Status, string Message) Describe(Exception e)
    {
        switch (e)
        {
            case SglException: return (StatusCodes.Status400BadRequest, e.Message);
            case EngineUnavailableException: return (StatusCodes.Status503ServiceUnavailable, e.Message);
            case EngineException: return (StatusCodes.Status500InternalServerError, e.Message);
            case BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge }:
                return (StatusCodes.Status413PayloadTooLarge, $"the request body is larger than {RequestBody.MaxBytes >> 20} MB");
            case BadHttpRequestException bad: return (bad.StatusCode, $"bad request: {bad.Message}");
        }
        var id = Guid.NewGuid().ToString("N")[..12];
        log.LogError(e, "request failed, error id {ErrorId}", id);
        return (StatusCodes.Status500InternalServerError, $"internal error {id}");
    }
}
