using System.Net.Http.Headers;

namespace OpenClaw.Gateway.Channels;

/// <summary>The HTTP client for the APIs of platforms, at the addresses that the operator configured. It follows no redirects, which would
/// carry a token elsewhere, and has no time limit of its own: callers give one.</summary>
public sealed class ChannelHttp : IDisposable
{
    private readonly HttpClient _client = Create(usesProxy: true);
    private readonly HttpClient _local = Create(usesProxy: false);

    /// <summary>The client for an address; a proxy of the environment is for other machines only.</summary>
    public HttpClient For(Uri address) => address.IsLoopback ? _local : _client;

    /// <summary>Whether a failure came before anything was sent, so that the platform cannot have taken the request.</summary>
    public static bool WasNotSent(Exception failure) => failure is HttpRequestException
    {
        HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError
            or HttpRequestError.ProxyTunnelError,
    };

    public void Dispose()
    {
        _client.Dispose();
        _local.Dispose();
    }

    private static HttpClient Create(bool usesProxy)
    {
        var client = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = usesProxy,
            ActivityHeadersPropagator = null,
            ConnectTimeout = TimeSpan.FromSeconds(5),
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
        client.DefaultRequestHeaders.UserAgent.Add(
            new ProductInfoHeaderValue("openclaw-functions", typeof(ChannelHttp).Assembly.GetName().Version?.ToString(3)));
        return client;
    }
}
