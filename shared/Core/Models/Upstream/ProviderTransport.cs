using System.Net;
using System.Net.Http.Headers;
using Azure.Identity;
using Microsoft.Extensions.Logging;
using OpenClaw.Configuration;
using OpenClaw.Errors;
using OpenClaw.Models.Providers;
using OpenClaw.Text;
using Polly.CircuitBreaker;

namespace OpenClaw.Models.Upstream;

/// <summary>
/// One provider over HTTP: its connection pool, credentials, retries (R13), circuit breaker (R14) and health. Retrying ends with
/// the status line: once an answer has begun, its failures go to the caller.
/// </summary>
internal sealed partial class ProviderTransport : IDisposable
{
    private const int MaxErrorBytes = 64 * 1024;

    private static readonly ProductInfoHeaderValue UserAgent =
        new("openclaw-functions", typeof(ProviderTransport).Assembly.GetName().Version?.ToString(3));

    private static readonly MediaTypeHeaderValue Json = new("application/json");

    private readonly string _providerId;
    private readonly ProviderRoute _route;
    private readonly ProviderIdentity? _identity;
    private readonly ModelHttpOptions _options;
    private readonly HttpMessageInvoker _http;
    private readonly bool _hedges;
    private readonly UpstreamRetries _retries;
    private readonly ILogger _logger;
    private volatile Outcome _last = new(ProviderHealth.Configured, 0);

    public ProviderTransport(string providerId, ProviderApi api, ProviderSection provider, ModelHttpOptions options, ILogger logger)
    {
        _providerId = providerId;
        _route = new ProviderRoute(api, provider);
        _identity = provider.Auth == "managed-identity" ? new ProviderIdentity(provider.ClientId, options.CreateCredential) : null;
        _options = options;
        _logger = logger;
        _hedges = provider.HedgeAfterMs is not null;
        _retries = new UpstreamRetries(options, provider.HedgeAfterMs is { } after ? TimeSpan.FromMilliseconds(after) : null);
        _http = new HttpMessageInvoker(new SocketsHttpHandler
        {
            ConnectTimeout = options.ConnectTimeout,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            AllowAutoRedirect = false, // a redirect would carry the key elsewhere
            UseCookies = false,
            UseProxy = !_route.IsLoopback,
            ResponseDrainTimeout = TimeSpan.FromMilliseconds(250), // an abandoned stream is closed, a finished one reused
        });
    }

    public string Host => _route.Host;

    /// <summary>How the last try or check went.</summary>
    public ProviderHealth Health => _last.Health;

    /// <summary>Posts JSON and returns once the headers of a 2xx answer are here.</summary>
    /// <param name="path">Below the base URL, such as <c>/chat/completions</c>.</param>
    /// <param name="body">Must stay unchanged until this returns.</param>
    /// <param name="model">Named in errors.</param>
    /// <exception cref="GatewayException">An <c>upstream_*</c> code, <c>model_not_found</c>, <c>context_length_exceeded</c>,
    /// <c>content_filter</c>, <c>insufficient_quota</c> or <c>identity_unavailable</c>.</exception>
    public async Task<UpstreamAnswer> PostAsync(string path, ReadOnlyMemory<byte> body, string model, CancellationToken cancellationToken)
    {
        UpstreamAttempt attempt;
        var content = _hedges ? body.ToArray() : body; // the slower try may still be sending when this returns
        try
        {
            attempt = await _retries.RunAsync(
                (tries, token) => SendAsync(path, content, model, tries, token, cancellationToken), cancellationToken);
        }
        catch (BrokenCircuitException exception)
        {
            var error = GatewayError.UpstreamUnavailable() with { RetryAfter = exception.RetryAfter };
            throw new GatewayException(error, exception);
        }

        return attempt.Answer ?? throw attempt.Failure!;
    }

    /// <summary>How the provider does: as its last try or check went when that is younger than <see cref="ModelHttpOptions.HealthAge"/>,
    /// else by one GET. That is neither retried nor counted for the circuit breaker.</summary>
    /// <param name="path">Below the base URL; a request that costs no tokens.</param>
    public async ValueTask<ProviderHealth> CheckAsync(string path, CancellationToken cancellationToken)
    {
        var last = _last;
        if (last.Health != ProviderHealth.Configured && _options.TimeProvider.GetElapsedTime(last.At) < _options.HealthAge)
        {
            return last.Health;
        }

        using var deadline = new Deadline(_options.HealthTimeout, _options.TimeProvider, cancellationToken);
        try
        {
            using var request = await CreateRequestAsync(HttpMethod.Get, _route.ServiceUrl(path), null, deadline.Token);
            using var response = await _http.SendAsync(request, deadline.Token);
            var status = (int)response.StatusCode;
            var health = HealthOf(UpstreamErrorTable.OfStatus(status, UpstreamError.Unknown));
            if (health != ProviderHealth.Connected)
            {
                LogUnhealthy(_providerId, $"status {status}");
            }

            return Record(health);
        }
        catch (AuthenticationFailedException exception)
        {
            LogNoToken(_providerId, Loggable(exception.Message));
            return Record(ProviderHealth.Unauthorized);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            LogUnhealthy(_providerId, deadline.Token.IsCancellationRequested ? "no headers in time" : Loggable(exception.Message));
            return Record(ProviderHealth.Unreachable);
        }
    }

    /// <summary>Logs an error the provider sent inside an answer.</summary>
    public void LogErrorInStream(UpstreamError error) =>
        LogStreamError(_providerId, Loggable($"{error.Code ?? error.Type}: {error.Message}"));

    public void Dispose() => _http.Dispose();

    /// <param name="cancellationToken">Ends the try.</param>
    /// <param name="caller">Ends the answer, too.</param>
    private async ValueTask<UpstreamAttempt> SendAsync(
        string path, ReadOnlyMemory<byte> body, string model, int tries, CancellationToken cancellationToken, CancellationToken caller)
    {
        var deadline = new Deadline(_options.HeadersTimeout, _options.TimeProvider, caller);
        using var lost = cancellationToken.UnsafeRegister(static deadline => ((Deadline)deadline!).Cancel(), deadline);
        var answered = false;
        try
        {
            using var content = new ReadOnlyMemoryContent(body);
            content.Headers.ContentType = Json;
            using var request = await CreateRequestAsync(HttpMethod.Post, _route.ModelUrl(path, model), content, deadline.Token);
            var response = await _http.SendAsync(request, deadline.Token);
            if (response.IsSuccessStatusCode)
            {
                answered = true;
                deadline.Disarm();
                Record(ProviderHealth.Connected);
                return UpstreamAttempt.Answered(new UpstreamAnswer(response, deadline, _options));
            }

            using (response)
            {
                return await RefusedAsync(response, model, tries, deadline.Token);
            }
        }
        catch (AuthenticationFailedException exception)
        {
            LogNoToken(_providerId, Loggable(exception.Message));
            Record(ProviderHealth.Unauthorized);
            return UpstreamAttempt.Failed(GatewayError.IdentityUnavailable(), isTransient: false, isDown: false, exception);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Record(ProviderHealth.Unreachable);
            var timedOut = deadline.Token.IsCancellationRequested;
            LogNoAnswer(_providerId, tries, timedOut ? "no headers in time" : Loggable(exception.Message));
            var isFinal = timedOut || exception is HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError };
            var error = timedOut ? GatewayError.UpstreamTimeout() : GatewayError.UpstreamUnavailable();
            return UpstreamAttempt.Failed(error, isTransient: !isFinal, isDown: true, exception);
        }
        finally
        {
            if (!answered)
            {
                deadline.Dispose();
            }
        }
    }

    private async ValueTask<UpstreamAttempt> RefusedAsync(
        HttpResponseMessage response, string model, int tries, CancellationToken cancellationToken)
    {
        var error = UpstreamError.Parse(await ReadErrorAsync(response, cancellationToken));
        var status = (int)response.StatusCode;
        var meaning = error.ClassOf(status);
        Record(HealthOf(meaning));
        LogRefused(_providerId, status, tries, meaning, Loggable($"{error.Code ?? error.Type}: {error.Message ?? error.Text}"));
        var retryAfter = RetryAfter.Of(response, _options.TimeProvider.GetUtcNow()) ?? error.RetryAfter;
        return UpstreamAttempt.Refused(error.ToGatewayError(status, retryAfter, model), meaning, status);
    }

    private static async ValueTask<byte[]> ReadErrorAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var buffer = new byte[MaxErrorBytes];
        try
        {
            await using var body = await UpstreamAnswer.OpenBodyAsync(response, cancellationToken);
            return buffer[..await body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken)];
        }
        catch (Exception exception)
            when (exception is IOException or HttpRequestException or GatewayException || ContentCoding.IsMalformed(exception))
        {
            return []; // the status alone decides
        }
    }

    private string Loggable(string? text) =>
        UpstreamError.Loggable(text, _identity is { Last.Length: > 0 } ? [.. _route.Secrets, _identity.Last] : _route.Secrets);

    private static ProviderHealth HealthOf(UpstreamErrorClass? meaning) => meaning switch
    {
        UpstreamErrorClass.BadKey or UpstreamErrorClass.Permission => ProviderHealth.Unauthorized,
        UpstreamErrorClass.ServerError or UpstreamErrorClass.Overloaded or UpstreamErrorClass.TimedOut => ProviderHealth.Unreachable,
        _ => ProviderHealth.Connected,
    };

    private ProviderHealth Record(ProviderHealth health)
    {
        _last = new Outcome(health, _options.TimeProvider.GetTimestamp());
        return health;
    }

    /// <exception cref="AuthenticationFailedException">The managed identity gives no token.</exception>
    private async ValueTask<HttpRequestMessage> CreateRequestAsync(
        HttpMethod method, string url, HttpContent? content, CancellationToken cancellationToken)
    {
        var token = _identity is null ? null : await _identity.GetTokenAsync(cancellationToken);
        var request = new HttpRequestMessage(method, url) { Version = HttpVersion.Version11, Content = content };
        request.Headers.UserAgent.Add(UserAgent);
        foreach (var (name, value) in _route.Headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        if (token is not null)
        {
            request.Headers.Authorization = new("Bearer", token);
        }

        return request;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Provider {Provider} answered {Status} to try {Try} ({Meaning}): {Detail}")]
    private partial void LogRefused(string provider, int status, int @try, UpstreamErrorClass? meaning, string detail);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Provider {Provider} did not answer try {Try}: {Detail}")]
    private partial void LogNoAnswer(string provider, int @try, string detail);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Health check of provider {Provider} failed: {Detail}")]
    private partial void LogUnhealthy(string provider, string detail);

    [LoggerMessage(Level = LogLevel.Error, Message = "No access token for provider {Provider}: {Detail}")]
    private partial void LogNoToken(string provider, string detail);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Provider {Provider} sent an error in its answer: {Detail}")]
    private partial void LogStreamError(string provider, string detail);

    /// <param name="At">A timestamp of <see cref="ModelHttpOptions.TimeProvider"/>.</param>
    private sealed record Outcome(ProviderHealth Health, long At);
}
