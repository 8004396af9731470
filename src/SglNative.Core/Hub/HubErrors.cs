using System.Globalization;
using System.Net;

namespace SglNative.Core.Hub;

/// <summary>Turns an answer of the Hub other than success into the line that helps.</summary>
internal sealed class HubErrors(HubOptions options)
{
    /// <summary>Explains the answer to a request about <paramref name="id"/>.</summary>
    /// <param name="response">The answer.</param>
    /// <param name="id">The repository.</param>
    /// <param name="revision">The revision asked for.</param>
    /// <param name="file">The file asked for, or null when it was the repository itself.</param>
    public HubException Explain(HttpResponseMessage response, HubId id, string revision, string? file)
    {
        var status = response.StatusCode;
        var code = Header(response, "X-Error-Code");
        var said = Header(response, "X-Error-Message") is { Length: > 0 } message ? $" ({message.Trim().TrimEnd('.')})" : "";
        var page = $"{options.Endpoint}/{id}";
        switch (code)
        {
            case "GatedRepo":
                return Refused($"{id} is a gated repository: accept its terms at {page}, then {TokenAdvice("its account has no access yet")}");
            case "RevisionNotFound":
                return Refused($"{id} has no revision {MessageText.Quote(revision)}: see {page}/branches");
            case "EntryNotFound":
                return Refused($"{id} has no file {MessageText.Quote(file ?? "")} at revision {MessageText.Quote(revision)}");
        }
        if (status == HttpStatusCode.Unauthorized && options.Token is not null && said.Contains("credentials", StringComparison.OrdinalIgnoreCase))
            return Refused($"{options.Endpoint} does not accept the token from {options.TokenSource}{said}: "
                + $"make a new one at {options.Endpoint}/settings/tokens, or unset it");
        if (code == "RepoNotFound" || status is HttpStatusCode.Unauthorized or HttpStatusCode.NotFound)
            return new HubException(HubFailure.NoSuchRepository,
                $"{options.Endpoint} has no repository {id}, or it is private: check the name, or {TokenAdvice("its account may not see it")}");
        if (status == HttpStatusCode.Forbidden)
            return Refused($"{options.Endpoint} refuses access to {id}{said}: see {page}, and {TokenAdvice("it was refused")}");
        if (status == HttpStatusCode.TooManyRequests)
            return Later(response, $"{options.Endpoint} has too many requests from here (429){said}: wait some minutes"
                + (options.Token is null ? ", or set HF_TOKEN, which raises the limit" : ""));
        var number = ((int)status).ToString(CultureInfo.InvariantCulture);
        return (int)status >= 500 || status == HttpStatusCode.RequestTimeout
            ? Later(response, $"{options.Endpoint} answered {number} for {file ?? id.ToString()}{said}: try again later")
            : Refused($"{options.Endpoint} answered {number} {response.ReasonPhrase} for {file ?? id.ToString()}{said}");
    }

    /// <summary>Explains a connection that could not be made or broke.</summary>
    public HubException Unreachable(Exception e) => new(HubFailure.Unavailable,
        $"{options.Endpoint} cannot be reached: {(e is OperationCanceledException ? "no answer in time" : e.Message)}; "
        + "check the network, HTTPS_PROXY and HF_ENDPOINT, or give a local folder", e);

    public static HubException Refused(string message) => new(HubFailure.Refused, message);

    private static HubException Later(HttpResponseMessage response, string message)
    {
        var header = response.Headers.RetryAfter;
        return new HubException(HubFailure.Unavailable, message) { RetryAfter = header?.Delta ?? header?.Date - DateTimeOffset.UtcNow };
    }

    private string TokenAdvice(string whyNot) => options.Token is null
        ? $"set HF_TOKEN (no token was seen in {options.TokenSource})"
        : $"use another HF_TOKEN (the token from {options.TokenSource} was seen, but {whyNot})";

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? MessageText.Quote(values.First()).Trim('\'') : null;
}
