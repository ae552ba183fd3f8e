using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using OpenClaw.Security;
using OpenClaw.Security.Rights;

namespace OpenClaw.Gateway.Pipeline;

/// <summary>Facts about a request that the pipeline has admitted, for every handler.</summary>
public static class RequestFacts
{
    /// <summary>The caller that the pipeline established, with the rights of the last check. It holds for what the request does now; what
    /// is done later asks <see cref="CallerRights"/> again.</summary>
    public static Caller RequireCaller(this HttpRequest request) => request.RequireLiveCaller().Current;

    /// <summary>The caller for as long as the request, its answer or its connection lasts.</summary>
    public static LiveCaller RequireLiveCaller(this HttpRequest request) =>
        request.HttpContext.Features.Get<LiveCaller>() ?? throw new InvalidOperationException("The route has no authenticated caller.");

    /// <summary>The caller; null where the route admits requests without one.</summary>
    public static Caller? FindCaller(this HttpRequest request) => request.HttpContext.Features.Get<LiveCaller>()?.Current;

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
