using Microsoft.AspNetCore.Http;
using OpenClaw.Errors;
using OpenClaw.Gateway.Wire;
using OpenClaw.Security;

namespace OpenClaw.Gateway.Pipeline;

/// <summary>Guards callers who need no secret of their own (mode <c>none</c>, users of a proxy): whatever page their browser shows can
/// send requests in their name. Refused are requests that such a page can make and the callers' own programs do not.</summary>
public sealed class AmbientCallers(OriginRules origins)
{
    /// <exception cref="GatewayException"><c>403</c>: <c>host_not_allowed</c>, <c>origin_not_allowed</c>, <c>cross_site_request</c>,
    /// <c>json_type_required</c>.</exception>
    public void Check(HttpContext context, GatewayAuthAttribute auth)
    {
        CheckSite(context);
        if (!auth.TakesFiles && UnreadBody.MayHave(context) && !JsonBody.IsNamedJson(context.Request.ContentType))
        {
            throw new GatewayException(GatewayError.JsonTypeRequired()); // other types are sent without a preflight
        }
    }

    /// <summary>Where a request without a body comes from, such as one that opens a WebSocket.</summary>
    /// <exception cref="GatewayException"><c>403</c>: <c>host_not_allowed</c>, <c>origin_not_allowed</c>,
    /// <c>cross_site_request</c>.</exception>
    public void CheckSite(HttpContext context)
    {
        var headers = context.Request.Headers;
        if (!origins.IsKnownHost(context))
        {
            throw new GatewayException(GatewayError.HostNotAllowed());
        }

        var isListed = headers.Origin is [{ } sender] && origins.IsListed(sender);
        if (headers.Origin.Count > 0 && !isListed && !(headers.Origin is [{ } own] && origins.IsOwn(context, own)))
        {
            throw new GatewayException(GatewayError.OriginNotAllowed());
        }

        if (!isListed && headers["Sec-Fetch-Site"].Contains("cross-site", StringComparer.OrdinalIgnoreCase))
        {
            throw new GatewayException(GatewayError.CrossSiteRequest());
        }
    }
}
