using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace SglNative.Server.Http;

/// <summary>With <c>--api-key</c>, every request but the health checks must bring it as a bearer token, as in SGLang.</summary>
internal sealed class ApiKey(RequestDelegate next, string key)
{
    private readonly byte[] _key = Encoding.UTF8.GetBytes(key);

    public Task InvokeAsync(HttpContext context)
    {
        if (IsHealthCheck(context.Request.Path) || IsValid(context.Request))
            return next(context);
        context.Response.Headers.WWWAuthenticate = "Bearer";
        return context.WriteErrorAsync(StatusCodes.Status401Unauthorized, "the API key is missing or wrong: send the header Authorization: Bearer KEY", code: "invalid_api_key");
    }

    private static bool IsHealthCheck(PathString path) => path.Value is "/health" or "/health_generate";

    private bool IsValid(HttpRequest request)
    {
        const string scheme = "Bearer ";
        var header = request.Headers.Authorization.ToString();
        return header.StartsWith(scheme, StringComparison.OrdinalIgnoreCase)
            && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(header[scheme.Length..].Trim()), _key);
    }
}
