using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using OpenClaw.Errors;

namespace OpenClaw.Gateway.Pipeline;

/// <summary>Lets pages of the origins in <c>gateway.http.cors.origins</c> call the gateway. The headers are on every answer, whatever
/// it says. Source: Fetch standard, "CORS protocol".</summary>
public sealed class Cors(OriginRules origins)
{
    private const string Methods = "GET, HEAD, POST, PUT, PATCH, DELETE";

    /// <summary>Headers that pages may read beside the few that they always may.</summary>
    private const string Exposed =
        "Allow, Content-Disposition, Content-Range, ETag, Location, Retry-After, WWW-Authenticate, X-API-Version, X-RateLimit-Limit, "
        + "X-RateLimit-Remaining, X-RateLimit-Reset, request-id, x-should-retry";

    /// <summary>Seconds that a browser may keep the answer to a preflight; Chromium keeps none longer.</summary>
    private const string MaxAge = "7200";

    private const string PrivateNetworkRequest = "Access-Control-Request-Private-Network";

    /// <summary>Sets the headers, and answers a preflight: a question of the browser's own, which never has credentials.</summary>
    /// <returns>Whether the request was a preflight, and is answered.</returns>
    /// <exception cref="GatewayException"><c>403 origin_not_allowed</c>: a preflight of an origin that is not listed.</exception>
    public bool Answer(HttpContext context)
    {
        var headers = context.Response.Headers;
        if (origins.IsAnyListed)
        {
            headers.Append(HeaderNames.Vary, HeaderNames.Origin);
        }

        if (context.Request.Headers.Origin is not [{ Length: > 0 } origin])
        {
            return false;
        }

        var asks = context.Request.Headers;
        var isPreflight = HttpMethods.IsOptions(context.Request.Method) && asks.ContainsKey(HeaderNames.AccessControlRequestMethod);
        if (!origins.IsListed(origin))
        {
            return isPreflight ? throw new GatewayException(GatewayError.OriginNotAllowed()) : false;
        }

        headers.AccessControlAllowOrigin = origin;
        headers.AccessControlAllowCredentials = "true"; // for a proxy that knows its users by cookie; the origin is never '*'
        if (!isPreflight)
        {
            headers.AccessControlExposeHeaders = Exposed;
            return false;
        }

        headers.Append(HeaderNames.Vary, HeaderNames.AccessControlRequestHeaders);
        headers.AccessControlAllowMethods = Methods;
        headers.AccessControlMaxAge = MaxAge;
        if (AllowedHeaders(asks.AccessControlRequestHeaders.ToString()) is { Length: > 0 } allowed)
        {
            headers.AccessControlAllowHeaders = allowed;
        }

        if (asks[PrivateNetworkRequest] == "true")
        {
            headers["Access-Control-Allow-Private-Network"] = "true";
        }

        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return true;
    }

    /// <summary>What was asked for, without the headers of proxies. A list of the SDKs' own headers would be out of date with the next
    /// SDK, as those of other gateways were; the origin is one that the operator trusts.</summary>
    private string AllowedHeaders(string asked) => string.Join(
        ", ",
        asked.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Where(name => name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_') && !origins.IsOfProxy(name)));
}
