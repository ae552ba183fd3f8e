using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Identity;
using Microsoft.Extensions.Logging;
using OpenClaw.Errors;
using OpenClaw.Storage;

namespace OpenClaw.SignalR;

/// <summary>The REST API of a SignalR Service, for one hub: sends messages, moves connections into groups, closes them, makes tokens of
/// clients. A call is tried again as calls to storage are; one whose answer was lost may take effect twice. Source: Azure/azure-signalr,
/// docs/swagger.</summary>
public sealed partial class SignalRClient : IDisposable
{
    /// <summary>Bytes of a message; the service refuses more.</summary>
    public const int MaxMessage = 1024 * 1024;

    private const string ApiVersion = "2023-07-01";

    /// <summary>Room for the names around an argument.</summary>
    private const int Envelope = 256;

    private static readonly TimeSpan TokenLifetime = TimeSpan.FromMinutes(5);

    private static readonly StorageRetryOptions DefaultRetry = new()
    {
        TryTimeout = TimeSpan.FromSeconds(5),
        TotalTimeout = TimeSpan.FromSeconds(15),
        FirstDelay = TimeSpan.FromSeconds(0.2),
    };

    private readonly SignalRConnection _connection;
    private readonly string _hub;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly HttpClient _http;
    private readonly HttpClientTransport _transport;
    private readonly HttpPipeline _pipeline;

    /// <param name="hub">Letters, digits and underscores, beginning with a letter; in lower case.</param>
    /// <param name="credential">Replaces the managed identity of a connection without a key.</param>
    /// <param name="handler">Replaces the connections; disposed with the client.</param>
    public SignalRClient(
        SignalRConnection connection, string hub, TimeProvider time, ILogger<SignalRClient> logger, TokenCredential? credential = null,
        HttpMessageHandler? handler = null, StorageRetryOptions? retry = null)
    {
        (_connection, _hub, _time, _logger) = (connection, hub, time, logger);
        _http = new HttpClient(handler ?? Connections(connection.Endpoint.IsLoopback)) { Timeout = Timeout.InfiniteTimeSpan };
        _transport = new HttpClientTransport(_http);
        var options = new PipelineOptions
        {
            Transport = _transport,
            RetryPolicy = new StorageRetryPolicy(retry ?? DefaultRetry),
            Diagnostics = { IsLoggingEnabled = false, IsDistributedTracingEnabled = false, IsTelemetryEnabled = false },
        };
        HttpPipelinePolicy policy = connection.AccessKey is { } key
            ? new AccessKeyPolicy(key, time)
            : new BearerTokenAuthenticationPolicy(
                credential ?? AzureIdentity.Create(connection.ClientId), "https://signalr.azure.com/.default");
        _pipeline = HttpPipelineBuilder.Build(options, policy);
    }

    public SignalRConnection Connection => _connection;

    /// <summary>Sends to clients.</summary>
    /// <param name="argument">One argument, as JSON.</param>
    /// <exception cref="ArgumentException">The message has more than <see cref="MaxMessage"/> bytes.</exception>
    /// <exception cref="GatewayException"><c>503 realtime_unavailable</c>.</exception>
    public Task SendAsync(SignalRTarget target, string method, ReadOnlyMemory<byte> argument, CancellationToken cancellationToken)
    {
        if (argument.Length > MaxMessage - Envelope)
        {
            throw new ArgumentException(
                $"A message to SignalR has {argument.Length} bytes; the service takes {MaxMessage}.", nameof(argument));
        }

        var body = new ArrayBufferWriter<byte>(argument.Length + Envelope);
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            json.WriteString("target"u8, method);
            json.WriteStartArray("arguments"u8);
            json.WriteRawValue(argument.Span, skipInputValidation: true);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return CallAsync(RequestMethod.Post, $"{target.Path}/:send", "", body.WrittenMemory, cancellationToken);
    }

    /// <returns>False when there is no such connection.</returns>
    /// <inheritdoc cref="SendAsync" path="/exception[@cref='GatewayException']"/>
    public async Task<bool> AddToGroupAsync(string connectionId, string group, CancellationToken cancellationToken) =>
        await CallAsync(RequestMethod.Put, Membership(connectionId, group), "", default, cancellationToken) != 404;

    /// <inheritdoc cref="AddToGroupAsync" path="/exception"/>
    public Task RemoveFromGroupAsync(string connectionId, string group, CancellationToken cancellationToken) =>
        CallAsync(RequestMethod.Delete, Membership(connectionId, group), "", default, cancellationToken);

    /// <inheritdoc cref="AddToGroupAsync" path="/exception"/>
    public Task RemoveFromAllGroupsAsync(string connectionId, CancellationToken cancellationToken) => CallAsync(
        RequestMethod.Delete, $"{SignalRTarget.Connection(connectionId).Path}/groups", "", default, cancellationToken);

    /// <summary>Whether there is such a connection, or a user or group with at least one.</summary>
    /// <inheritdoc cref="AddToGroupAsync" path="/exception"/>
    public async Task<bool> ExistsAsync(SignalRTarget target, CancellationToken cancellationToken) =>
        await CallAsync(RequestMethod.Head, target.Path, "", default, cancellationToken) != 404;

    /// <summary>Ends a connection, or all of a user or group.</summary>
    /// <inheritdoc cref="AddToGroupAsync" path="/exception"/>
    public Task CloseAsync(SignalRTarget target, string reason, CancellationToken cancellationToken) => target.IsConnection
        ? CallAsync(RequestMethod.Delete, target.Path, $"&reason={Uri.EscapeDataString(reason)}", default, cancellationToken)
        : CallAsync(
            RequestMethod.Post, $"{target.Path}/:closeConnections", $"&reason={Uri.EscapeDataString(reason)}", default, cancellationToken);

    /// <summary>The token with which a client connects.</summary>
    /// <param name="userId">What the service tells the gateway about the client with each of its calls.</param>
    /// <param name="claims">Carried in a token that the gateway signs itself. A token that the service makes has none.</param>
    /// <inheritdoc cref="AddToGroupAsync" path="/exception"/>
    public async Task<string> CreateClientTokenAsync(
        string userId, TimeSpan lifetime, IEnumerable<KeyValuePair<string, string>> claims, CancellationToken cancellationToken)
    {
        if (_connection.AccessKey is { } key)
        {
            return SignalRTokens.Create(
                key, _connection.ClientUrl(_hub), _time.GetUtcNow(), lifetime, claims.Append(new("asrs.s.uid", userId)));
        }

        var token = "";
        await CallAsync(
            RequestMethod.Post, "/:generateToken",
            string.Create(
                CultureInfo.InvariantCulture, $"&userId={Uri.EscapeDataString(userId)}&minutesToExpire={(int)lifetime.TotalMinutes}"),
            default, cancellationToken, answer => token = TokenOf(answer));
        return token;
    }

    public void Dispose()
    {
        _transport.Dispose();
        _http.Dispose();
    }

    private static string Membership(string connectionId, string group) =>
        $"{SignalRTarget.Group(group).Path}/connections/{Uri.EscapeDataString(connectionId)}";

    private static string TokenOf(Response answer)
    {
        using var json = JsonDocument.Parse(answer.Content);
        return json.RootElement.GetProperty("token").GetString() ?? throw new JsonException("The service made no token.");
    }

    /// <returns>The status: a success, or 404.</returns>
    private async Task<int> CallAsync(
        RequestMethod method, string path, string query, ReadOnlyMemory<byte> body, CancellationToken cancellationToken,
        Action<Response>? read = null)
    {
        using var message = _pipeline.CreateMessage();
        message.Request.Method = method;
        message.Request.Uri.Reset(new Uri($"{_connection.BaseUrl}/api/hubs/{_hub}{path}?api-version={ApiVersion}{query}"));
        if (!body.IsEmpty)
        {
            message.Request.Headers.Add("Content-Type", "application/json");
            message.Request.Content = RequestContent.Create(body);
        }

        try
        {
            await _pipeline.SendAsync(message, cancellationToken);
            if (message.Response.IsError && message.Response.Status != 404)
            {
                LogRefused(method.Method, message.Response.Status, CodeOf(message.Response));
                throw new GatewayException(GatewayError.RealtimeUnavailable());
            }

            read?.Invoke(message.Response);
            return message.Response.Status;
        }
        catch (Exception failure) when (failure is RequestFailedException or AuthenticationFailedException or IOException or JsonException
            || (failure is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            LogFailed(
                method.Method, failure is AuthenticationFailedException ? "the managed identity got no token" : failure.GetType().Name);
            throw new GatewayException(GatewayError.RealtimeUnavailable(), failure);
        }
    }

    /// <summary>The service's word for an error; nothing else of its answer is logged.</summary>
    private static string CodeOf(Response response) => response.Headers.TryGetValue("x-ms-error-code", out var code) ? code : "";

    private static SocketsHttpHandler Connections(bool isLoopback) => new()
    {
        ConnectTimeout = TimeSpan.FromSeconds(5),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        MaxConnectionsPerServer = 64,
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = !isLoopback,
    };

    [LoggerMessage(Level = LogLevel.Error,
        Message = "SignalR Service refused {Method}: {Status} {Code}. Check the key or the identity's role, and this machine's clock")]
    private partial void LogRefused(string method, int status, string code);

    [LoggerMessage(Level = LogLevel.Warning, Message = "SignalR Service did not answer {Method}: {Reason}")]
    private partial void LogFailed(string method, string reason);

    private sealed class PipelineOptions : ClientOptions;

    /// <summary>Proves each try with a token of its own: its audience is the URL.</summary>
    private sealed class AccessKeyPolicy(string key, TimeProvider time) : HttpPipelineSynchronousPolicy
    {
        public override void OnSendingRequest(HttpMessage message)
        {
            var audience = message.Request.Uri.ToUri().GetLeftPart(UriPartial.Path).TrimEnd('/');
            message.Request.Headers.SetValue(
                "Authorization", $"Bearer {SignalRTokens.Create(key, audience, time.GetUtcNow(), TokenLifetime)}");
        }
    }
}
