using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace OpenClaw.Tests.Support;

/// <summary>Carries one request to the worker as the host does: HTTP/1.1, bodies chunk by chunk, except that a body with a
/// length is read first.</summary>
public sealed class HttpForwarder : IDisposable
{
    private const int ConnectAttempts = 10;
    private const long MaxBufferedBytes = 100 * 1024 * 1024;

    private static readonly HashSet<string> Hop = new(StringComparer.OrdinalIgnoreCase)
    {
        "Host", "Connection", "Keep-Alive", "Transfer-Encoding", "TE", "Upgrade", "Proxy-Connection", "Expect",
        "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto",
    };

    private readonly HttpMessageInvoker _client = new(new SocketsHttpHandler
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        ActivityHeadersPropagator = null,
        ConnectCallback = ConnectAsync,
    });

    /// <summary>What the host does before it invokes the function: null, and 500 answered, when the body is over its limit.</summary>
    public static async Task<HttpContent?> BindAsync(HttpContext context)
    {
        context.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize = null;
        if (context.Request.ContentLength is not { } length)
        {
            var chunked = context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody == true;
            return chunked ? new StreamContent(context.Request.Body) : new ByteArrayContent([]);
        }

        if (length > MaxBufferedBytes)
        {
            context.Response.StatusCode = StatusCodes.Status500InternalServerError;
            return null;
        }

        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        return new ByteArrayContent(body.ToArray());
    }

    /// <summary>Forwards and copies the answer as it comes. A client that leaves closes the connection to the worker.</summary>
    public async Task ForwardAsync(HttpContext context, HttpContent body, Uri worker, string invocationId)
    {
        using var request = new HttpRequestMessage(
            new HttpMethod(context.Request.Method), new Uri(
                worker, $"{context.Request.PathBase}{context.Request.Path.ToUriComponent()}{context.Request.QueryString}"))
        {
            Version = HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = body,
        };
        if (body is ByteArrayContent && context.Request.ContentLength is null)
        {
            request.Content = null;
        }

        foreach (var (name, values) in context.Request.Headers.Where(static h => !Hop.Contains(h.Key)))
        {
            if (!request.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values))
            {
                request.Content?.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
            }
        }

        request.Headers.TryAddWithoutValidation("X-Forwarded-For", $"{context.Connection.RemoteIpAddress}");
        request.Headers.TryAddWithoutValidation("X-Forwarded-Host", context.Request.Host.Value);
        request.Headers.TryAddWithoutValidation("X-Forwarded-Proto", context.Request.Scheme);
        if (!request.Headers.Contains("x-ms-invocation-id"))
        {
            request.Headers.Add("x-ms-invocation-id", invocationId); // a client's own id is kept, as the 4.1037 host does
        }

        using var response = await _client.SendAsync(request, context.RequestAborted);
        context.Response.StatusCode = (int)response.StatusCode;
        foreach (var (name, values) in response.Headers.Concat(response.Content.Headers).Where(static h => !Hop.Contains(h.Key)))
        {
            context.Response.Headers[name] = values.ToArray();
        }

        await context.Response.StartAsync(context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
        await using var stream = await response.Content.ReadAsStreamAsync(context.RequestAborted);
        var buffer = new byte[32 * 1024];
        int read;
        while ((read = await stream.ReadAsync(buffer, context.RequestAborted)) > 0)
        {
            await context.Response.Body.WriteAsync(buffer.AsMemory(0, read), context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
        }
    }

    public void Dispose() => _client.Dispose();

    /// <summary>A worker may say that it is ready before it listens, so the host tries to connect ten times within two seconds.</summary>
    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (SocketException) when (attempt < ConnectAttempts)
            {
                socket.Dispose();
                await Task.Delay(Math.Min(50 * attempt, 250), cancellationToken);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }
    }
}
