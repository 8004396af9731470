using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace SglNative.Server.Http;

/// <summary>With <c>--api-key</c>, every request but the health checks must bring it as a bearer token.</summary>
internal sealed class ApiKey(RequestDelegate next, string key)
{
    private readonly byte[] _key = Encoding.UTF8.GetBytes(key);

    public Task InvokeAsync(HttpContext context)
    {
        if (HttpMethods.IsOptions(context.Request.Method) || context.Request.Path.StartsWithSegments("/health", StringComparison.Ordinal) || IsValid(context.Request))
            return next(context);
        context.Response.Headers.WWWAuthenticate = "Bearer";
        return context.WriteErrorAsync(StatusCodes.Status401Unauthorized, "the API key is missing or wrong: send the header Authorization: Bearer KEY", code: "invalid_api_key");
    }

    private bool IsValid(HttpRequest request)
    {
        const string scheme = "Bearer ";
        var header = request.Headers.Authorization.ToString();
        return header.StartsWith(scheme, StringComparison.OrdinalIgnoreCase)
            && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(header[scheme.Length..].Trim()), _key);
    }
}
