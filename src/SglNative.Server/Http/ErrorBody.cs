namespace SglNative.Server.Http;

/// <summary>An error as clients expect it: OpenAI's <c>error</c> object, and beside it the flat form that SGLang's clients read.</summary>
internal sealed record ErrorBody(ErrorDetail Error, string Object, string Message, string Type, string? Param, int Code)
{
    public static ErrorBody For(int status, string message, string? param = null, string? code = null)
    {
        var type = status switch
        {
            401 or 403 => "authentication_error",
            404 => "invalid_request_error",
            429 or 503 => "overloaded_error",
            >= 500 => "server_error",
            _ => "invalid_request_error",
        };
        return new ErrorBody(new ErrorDetail(message, type, param, code), "error", message, type, param, status);
    }
}

/// <summary>OpenAI's error object.</summary>
internal sealed record ErrorDetail(string Message, string Type, string? Param, string? Code);
