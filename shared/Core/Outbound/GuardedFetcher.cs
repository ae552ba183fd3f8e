using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Authentication;
using Microsoft.Extensions.Logging;
using OpenClaw.Configuration;

namespace OpenClaw.Outbound;

/// <summary>
/// The one HTTP client for addresses that a user, a model or a webhook has a say in: it reaches public hosts only, by their names,
/// and bounds what comes back. Opens nothing until the first fetch.
/// </summary>
public sealed partial class GuardedFetcher(
    OutboundNetwork network, HostRules hosts, GatewayConfigStore config, TimeProvider time, ILogger<GuardedFetcher> logger) : IDisposable
{
    private static readonly ProductInfoHeaderValue UserAgent =
        new("openclaw-functions", typeof(GuardedFetcher).Assembly.GetName().Version?.ToString(3));

    /// <summary>Headers that frame the message, or that the guard sets.</summary>
    private static readonly HashSet<string> OwnHeaders = new(StringComparer.OrdinalIgnoreCase)
    {
        "Accept-Encoding", "Connection", "Content-Length", "Expect", "Host", "Keep-Alive", "Proxy-Authorization", "Proxy-Connection", "TE",
        "Trailer", "Transfer-Encoding", "Upgrade",
    };

    private readonly Lazy<HttpMessageInvoker> _http = new(
        () => new HttpMessageInvoker(new GuardedConnections(network, time).CreateHandler()));

    private readonly Lazy<HttpMessageInvoker> _privateHttp = new(
        () => new HttpMessageInvoker(new GuardedConnections(network, time, allowsPrivate: true).CreateHandler()));

    /// <summary>Whether a URL would be asked for at all; nothing is asked of the network.</summary>
    /// <exception cref="FetchException"><see cref="FetchFailure.InvalidUrl"/>.</exception>
    public void Check(string url, FetchPolicy policy) => Judge(url, policy);

    /// <exception cref="FetchException">The only one besides the caller's own cancellation; a status other than 2xx is a
    /// failure.</exception>
    public async Task<FetchedContent> GetAsync(string url, FetchPolicy policy, CancellationToken cancellationToken)
    {
        var answer = await FetchAsync(new(HttpMethod.Get, url, null, default), policy, mustSucceed: true, cancellationToken);
        return answer.Content;
    }

    /// <summary>Sends a request and reads the answer, whatever its status. A redirect is followed with GET, without the body, and to
    /// another origin without the headers.</summary>
    /// <param name="headers">Of the request and of the body, such as <c>Content-Type</c>; headers that frame the message are left
    /// out.</param>
    /// <inheritdoc cref="GetAsync" path="/exception"/>
    public Task<FetchedResponse> SendAsync(
        HttpMethod method,
        string url,
        IReadOnlyDictionary<string, string>? headers,
        ReadOnlyMemory<byte> body,
        FetchPolicy policy,
        CancellationToken cancellationToken) =>
        FetchAsync(new(method, url, headers, body), policy, mustSucceed: false, cancellationToken);

    public void Dispose()
    {
        if (_http.IsValueCreated)
        {
            _http.Value.Dispose();
        }

        if (_privateHttp.IsValueCreated)
        {
            _privateHttp.Value.Dispose();
        }
    }

    private OutboundUrl Judge(string url, FetchPolicy policy)
    {
        try
        {
            return Judge(OutboundUrl.Parse(url, config.Current.Gateway.Http.Outbound, policy.PrivateHosts), policy);
        }
        catch (RefusedException refusal)
        {
            LogInvalid(refusal.Message);
            throw FetchException.Of(refusal.Failure);
        }
    }

    /// <exception cref="IOException">Why the host is refused.</exception>
    private OutboundUrl Judge(OutboundUrl url, FetchPolicy policy)
    {
        if (!url.IsAllowedPrivate)
        {
            hosts.Check(url.Host, policy.HostAllowlist);
        }

        return url;
    }

    private async Task<FetchedResponse> FetchAsync(
        FetchRequest request, FetchPolicy policy, bool mustSucceed, CancellationToken cancellationToken)
    {
        var url = Judge(request.Url, policy);
        using var limit = new CancellationTokenSource(policy.Timeout, time);
        using var whole = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        var at = url;
        try
        {
            for (var redirects = 0; ; redirects++)
            {
                using var answer = await AskAsync(request, at, policy, whole.Token);
                if (RedirectOf(answer) is { } location)
                {
                    var next = redirects < policy.MaxRedirects
                        ? Judge(at.Follow(location, config.Current.Gateway.Http.Outbound, policy.PrivateHosts), policy)
                        : throw new RefusedException("it redirects too often");
                    request = new(HttpMethod.Get, "", at.HasOriginOf(next) ? request.Headers : null, default);
                    at = next;
                    continue;
                }

                var status = (int)answer.StatusCode;
                if (mustSucceed && (!answer.IsSuccessStatusCode || answer.StatusCode == HttpStatusCode.PartialContent))
                {
                    throw new HttpRequestException(null, null, answer.StatusCode);
                }

                var bytes = await FetchedBody.ReadAsync(answer.Content, policy.MaxBytes, time, whole.Token);
                return new(status, FetchedBody.Describe(bytes, answer.Content.Headers, at.Uri));
            }
        }
        catch (Exception exception) when (IsOfNetwork(exception) && !cancellationToken.IsCancellationRequested)
        {
            var failure = exception is RefusedException { Failure: FetchFailure.TooLarge } ? FetchFailure.TooLarge : FetchFailure.Failed;
            Log(at, exception, limit.IsCancellationRequested);
            throw FetchException.Of(failure);
        }
        catch (Exception exception) when (IsOfNetwork(exception))
        {
            throw new OperationCanceledException(exception.Message, exception, cancellationToken);
        }
    }

    private async Task<HttpResponseMessage> AskAsync(
        FetchRequest request, OutboundUrl url, FetchPolicy policy, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(policy.HeaderTimeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        using var message = Create(request, url, policy);
        try
        {
            return await (url.IsAllowedPrivate ? _privateHttp : _http).Value.SendAsync(message, both.Token);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new RefusedException("its answer took too long to begin");
        }
    }

    private static HttpRequestMessage Create(FetchRequest request, OutboundUrl url, FetchPolicy policy)
    {
        var message = new HttpRequestMessage(request.Method, url.Uri)
        {
            Version = HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = request.Body.IsEmpty ? null : new ReadOnlyMemoryContent(request.Body),
        };
        message.Headers.UserAgent.Add(UserAgent);
        message.Headers.TryAddWithoutValidation("Accept-Encoding", "identity");
        if (policy.Accept is { } accept)
        {
            message.Headers.TryAddWithoutValidation("Accept", accept);
        }

        foreach (var (name, value) in request.Headers ?? new Dictionary<string, string>())
        {
            if (value.AsSpan().ContainsAny('\r', '\n', '\0'))
            {
                throw new ArgumentException($"The header '{name}' holds a line break.", nameof(request));
            }

            if (!OwnHeaders.Contains(name) && !message.Headers.TryAddWithoutValidation(name, value))
            {
                message.Content?.Headers.TryAddWithoutValidation(name, value);
            }
        }

        return message;
    }

    private static string? RedirectOf(HttpResponseMessage answer)
    {
        if (answer.StatusCode is not (HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther
            or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect))
        {
            return null;
        }

        return answer.Headers.NonValidated.TryGetValues("Location", out var locations) && locations.Count == 1
            ? locations.ToString()
            : throw new RefusedException("it redirects to nowhere");
    }

    private static bool IsOfNetwork(Exception exception) =>
        exception is HttpRequestException or IOException or InvalidDataException or OperationCanceledException;

    private void Log(OutboundUrl url, Exception exception, bool isLate)
    {
        if ((exception as RefusedException ?? exception.InnerException as RefusedException) is { } refusal)
        {
            LogRefused(url.Host, url.Uri.AbsolutePath.Length, refusal.Message);
        }
        else
        {
            LogFailed(url.Host, url.Uri.AbsolutePath.Length, isLate ? "it took too long" : ReasonOf(exception));
        }
    }

    /// <summary>Without the message, in which the server may have a say.</summary>
    private static string ReasonOf(Exception exception) => exception switch
    {
        HttpRequestException { StatusCode: { } status } => $"it is answered {(int)status}",
        HttpRequestException { InnerException: AuthenticationException certificate } => certificate.Message,
        HttpRequestException request =>
            request.GetBaseException() is SocketException socket ? $"{socket.SocketErrorCode}" : $"{request.HttpRequestError}",
        _ => exception.GetType().Name,
    };

    [LoggerMessage(Level = LogLevel.Information, Message = "A URL was refused: {Reason}")]
    private partial void LogInvalid(string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Fetching from {Host} (a path of {PathLength} characters) was refused: {Reason}")]
    private partial void LogRefused(string host, int pathLength, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Fetching from {Host} (a path of {PathLength} characters) failed: {Reason}")]
    private partial void LogFailed(string host, int pathLength, string reason);

    private sealed record FetchRequest(
        HttpMethod Method, string Url, IReadOnlyDictionary<string, string>? Headers, ReadOnlyMemory<byte> Body);
}
