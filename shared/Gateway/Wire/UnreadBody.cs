using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace OpenClaw.Gateway.Wire;

/// <summary>Bodies that an answer leaves unread. The server reads at most <see cref="MostBytes"/> of one, then it closes the connection;
/// the answer says so in time, or the client's next request on it would be lost.</summary>
public static class UnreadBody
{
    /// <summary>The limit of the server for bodies; who reads larger ones raises it by <see cref="Expect"/>.</summary>
    public const int MostBytes = 64 * 1024;

    /// <summary>Whether there may be a body that is not empty.</summary>
    public static bool MayHave(HttpContext context) =>
        context.Request.ContentLength != 0 && context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody == true;

    /// <summary>Lets the answer say <c>Connection: close</c> if the body has not been read to its end by then.</summary>
    public static void Watch(HttpContext context)
    {
        if (MayHave(context) && HttpProtocol.IsHttp11(context.Request.Protocol))
        {
            context.Response.OnStarting(static state => Announce((HttpContext)state), context);
        }
    }

    /// <summary>Before the first read: the body may have so many bytes. A sender of more is refused by the reader; the server ends
    /// the request soon after.</summary>
    public static void Expect(HttpContext context, long limit)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false, MaxRequestBodySize: not null } size)
        {
            size.MaxRequestBodySize = limit + MostBytes;
        }
    }

    /// <summary>The body has been read to its end.</summary>
    public static void End(HttpContext context) => context.Features.Set(Whole.Instance);

    private static Task Announce(HttpContext context)
    {
        if (context.Features.Get<Whole>() is null && context.Response.StatusCode != StatusCodes.Status101SwitchingProtocols)
        {
            context.Response.Headers[HeaderNames.Connection] = "close";
        }

        return Task.CompletedTask;
    }

    private sealed class Whole
    {
        public static readonly Whole Instance = new();
    }
}
