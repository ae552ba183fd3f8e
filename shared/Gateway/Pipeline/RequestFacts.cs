using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using OpenClaw.Security;

namespace OpenClaw.Gateway.Pipeline;

/// <summary>Facts about a request that the pipeline has admitted, for every handler.</summary>
public static class RequestFacts
{
    /// <summary>The caller that the pipeline established.</summary>
    public static Caller RequireCaller(this HttpRequest request) =>
        request.HttpContext.Features.Get<Caller>() ?? throw new InvalidOperationException("The route has no authenticated caller.");

    /// <summary>The <c>{id}</c> of the route.</summary>
    public static string RouteId(this HttpRequest request) => request.RouteText("id");

    /// <summary>A parameter of the route.</summary>
    public static string RouteText(this HttpRequest request, string name) => (string)request.RouteValues[name]!;

    /// <summary>Whether the caller asks for server-sent events by <c>Accept</c>, which the answer then depends on.</summary>
    public static bool AcceptsEvents(this HttpRequest request)
    {
        request.HttpContext.Response.Headers.Append(HeaderNames.Vary, HeaderNames.Accept);
        return request.Headers.Accept.ToString().Contains("text/event-stream", StringComparison.OrdinalIgnoreCase);
    }
}
