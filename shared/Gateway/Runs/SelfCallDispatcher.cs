using Microsoft.Extensions.Logging;
using OpenClaw.Configuration;
using OpenClaw.Runs.Durable;
using OpenClaw.Security;

namespace OpenClaw.Gateway.Runs;

/// <summary>Has waiting runs executed by a request of the gateway to itself, because the Functions host keeps an instance alive
/// only as long as an invocation runs there. <see cref="Dispatch"/> returns at once; the answer is read in the background, which keeps the
/// request open. Where the gateway does not know its own address, or the request fails, the runs are executed in this process. If that
/// fails too, the wake-up message brings another instance.</summary>
public sealed partial class SelfCallDispatcher(
    LocalDispatcher local, InternalSecret secret, GatewayConfigStore config, ILogger<SelfCallDispatcher> logger)
        : IRunDispatcher, IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        ConnectTimeout = TimeSpan.FromSeconds(5),
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    public void Dispatch(string partition) => _ = CallAsync(partition);

    public void Dispose() => _http.Dispose();

    private async Task CallAsync(string partition)
    {
        var path = RunsHandler.InternalPath + partition;
        try
        {
            if (BaseUrl() is not { } address)
            {
                local.Dispatch(partition);
                return;
            }

            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(address, path));
            request.Headers.Add(InternalSecret.Header, await secret.CreateTicketAsync(path, CancellationToken.None));
            using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            if (!answer.IsSuccessStatusCode)
            {
                LogRefused((int)answer.StatusCode);
                local.Dispatch(partition);
                return;
            }

            await answer.Content.CopyToAsync(Stream.Null); // the run's invocation lasts as long as its answer is read
        }
        catch (Exception failure)
        {
            LogFailed(failure.Message);
            local.Dispatch(partition);
        }
    }

    /// <summary>The address of this gateway: as configured, else from the platform.</summary>
    private Uri? BaseUrl()
    {
        if (config.Current.Gateway.PublicUrl is { } configured)
        {
            return new Uri(configured.TrimEnd('/') + "/");
        }

        var host = Environment.GetEnvironmentVariable(EnvironmentVariables.PlatformHostName);
        if (string.IsNullOrWhiteSpace(host))
        {
            return null;
        }

        var isLocal = host.StartsWith("localhost", StringComparison.OrdinalIgnoreCase)
            || host.StartsWith("127.0.0.1", StringComparison.Ordinal);
        return new Uri($"{(isLocal ? "http" : "https")}://{host}/");
    }

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "The call to the gateway itself was answered {Status}; its runs go on in this process")]
    private partial void LogRefused(int status);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The call to the gateway itself failed ({Reason}); its runs go on in this process")]
    private partial void LogFailed(string reason);
}
