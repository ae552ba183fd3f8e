using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Xunit;

namespace OpenClaw.Tests.Support.Realtime;

/// <summary>A bare WebSocket that speaks the control plane. Frames that come are sorted: responses by id, all else in order.</summary>
internal sealed class ControlClient : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ClientWebSocket _socket = new();
    private readonly Channel<JsonElement> _others = Channel.CreateUnbounded<JsonElement>();
    private readonly ConcurrentDictionary<string, Channel<JsonElement>> _answers = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource<(int? Code, string? Reason)> _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _reading = Task.CompletedTask;
    private int _next;

    /// <summary>Every frame that came, as text.</summary>
    public ConcurrentQueue<string> Frames { get; } = new();

    /// <summary>The nonce of the challenge.</summary>
    public string Nonce { get; private set; } = "";

    public static Task<ControlClient> OpenAsync(
        GatewayHost gateway, string path = "/", params (string Name, string Value)[] headers) => OpenAsync(gateway.Url, path, headers);

    public static async Task<ControlClient> OpenAsync(string url, string path = "/", params (string Name, string Value)[] headers)
    {
        var client = new ControlClient();
        foreach (var (name, value) in headers)
        {
            client._socket.Options.SetRequestHeader(name, value);
        }

        await client._socket.ConnectAsync(new Uri(url.Replace("http://", "ws://", StringComparison.Ordinal) + path), default);
        client._reading = client.ReadAsync();
        var challenge = await client.NextAsync();
        Assert.Equal("connect.challenge", challenge.GetProperty("event").GetString());
        client.Nonce = challenge.GetProperty("payload").GetProperty("nonce").GetString()!;
        return client;
    }

    /// <summary>A client that is connected with the gateway's token.</summary>
    public static Task<ControlClient> ConnectAsync(GatewayHost gateway, params string[] scopes) => ConnectAsync(gateway.Url, scopes);

    public static async Task<ControlClient> ConnectAsync(string url, params string[] scopes)
    {
        var client = await OpenAsync(url);
        var hello = await client.RequestAsync("connect", ConnectParams(scopes: scopes.Length == 0 ? null : scopes));
        Assert.Equal("hello-ok", hello.GetProperty("type").GetString());
        return client;
    }

    public static string ConnectParams(
        string? token = GatewayHost.Token, IReadOnlyList<string>? scopes = null, string? device = null, string clientId = "gateway-client",
        string mode = "backend", string? auth = null, string? caps = null)
    {
        var asked = scopes is null ? "" : $""","scopes":[{string.Join(',', scopes.Select(s => $"\"{s}\""))}]""";
        var shown = auth ?? (token is null ? null : $$"""{"token":"{{token}}"}""");
        return $$"""
            {"minProtocol":4,"maxProtocol":4,"role":"operator","client":{"id":"{{clientId}}","version":"1.0.0","platform":"linux","mode":"{{mode}}"}
            {{asked}}{{(caps is null ? "" : $",\"caps\":[\"{caps}\"]")}}{{(shown is null ? "" : $",\"auth\":{shown}")}}{{(device is null ? "" : $",\"device\":{device}")}}}
            """;
    }

    public Task SendAsync(string text, WebSocketMessageType type = WebSocketMessageType.Text) =>
        _socket.SendAsync(Encoding.UTF8.GetBytes(text), type, endOfMessage: true, default);

    public Task SendAsync(byte[] message, WebSocketMessageType type) => _socket.SendAsync(message, type, endOfMessage: true, default);

    /// <summary>Sends a request.</summary>
    /// <returns>Its id.</returns>
    public async Task<string> BeginAsync(string method, string? parameters = "{}")
    {
        var id = $"r{Interlocked.Increment(ref _next)}";
        await SendAsync($$"""{"type":"req","id":"{{id}}","method":"{{method}}"{{(parameters is null ? "" : ",\"params\":" + parameters)}}}""");
        return id;
    }

    /// <summary>The next response frame of a request.</summary>
    public async Task<JsonElement> AnswerAsync(string id) =>
        await AnswersOf(id).Reader.ReadAsync().AsTask().WaitAsync(Patience);

    /// <summary>The payload of a request that succeeds.</summary>
    public async Task<JsonElement> RequestAsync(string method, string? parameters = "{}")
    {
        var answer = await AnswerAsync(await BeginAsync(method, parameters));
        Assert.True(answer.GetProperty("ok").GetBoolean(), $"{method}: {answer.GetRawText()}");
        return answer.GetProperty("payload");
    }

    /// <summary>The error of a request that fails.</summary>
    public async Task<JsonElement> FailAsync(string method, string? parameters = "{}")
    {
        var answer = await AnswerAsync(await BeginAsync(method, parameters));
        Assert.False(answer.GetProperty("ok").GetBoolean(), $"{method}: {answer.GetRawText()}");
        return answer.GetProperty("error");
    }

    /// <summary>The next frame that is no response.</summary>
    public async Task<JsonElement> NextAsync() => await _others.Reader.ReadAsync().AsTask().WaitAsync(Patience);

    /// <summary>The payload of the next event of this name; earlier frames are skipped.</summary>
    public async Task<JsonElement> EventAsync(string name, Func<JsonElement, bool>? fits = null)
    {
        while (true)
        {
            var frame = await NextAsync();
            if (frame.TryGetProperty("event", out var found) && found.GetString() == name
                && (fits is null || fits(frame.GetProperty("payload"))))
            {
                return frame.GetProperty("payload");
            }
        }
    }

    /// <summary>The <c>chat</c> events of a run up to the one that ends it.</summary>
    public async Task<List<JsonElement>> ChatAsync(string runId)
    {
        var events = new List<JsonElement>();
        while (true)
        {
            var payload = await EventAsync("chat", p => p.GetProperty("runId").GetString() == runId);
            events.Add(payload);
            if (payload.GetProperty("state").GetString() is not ("delta" or "status"))
            {
                return events;
            }
        }
    }

    /// <summary>How the gateway closed the connection.</summary>
    public Task<(int? Code, string? Reason)> ClosedAsync() => _closed.Task.WaitAsync(Patience);

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (_socket.State == WebSocketState.Open)
            {
                await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, default);
            }

            await _reading.WaitAsync(Patience);
        }
        catch (Exception failure) when (failure is WebSocketException or TimeoutException)
        {
            // The gateway was faster.
        }

        _socket.Dispose();
    }

    private Channel<JsonElement> AnswersOf(string id) => _answers.GetOrAdd(id, static _ => Channel.CreateUnbounded<JsonElement>());

    private async Task ReadAsync()
    {
        var buffer = new byte[64 * 1024];
        using var message = new MemoryStream();
        try
        {
            while (true)
            {
                var received = await _socket.ReceiveAsync(buffer, default);
                if (received.MessageType == WebSocketMessageType.Close)
                {
                    _closed.TrySetResult(((int?)_socket.CloseStatus, _socket.CloseStatusDescription));
                    if (_socket.State == WebSocketState.CloseReceived)
                    {
                        await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, default);
                    }

                    break;
                }

                message.Write(buffer, 0, received.Count);
                if (received.EndOfMessage)
                {
                    Take(Encoding.UTF8.GetString(message.ToArray()));
                    message.SetLength(0);
                }
            }
        }
        catch (Exception failure) when (failure is WebSocketException or ObjectDisposedException or IOException)
        {
            _closed.TrySetResult((null, failure.Message));
        }

        _others.Writer.TryComplete();
        foreach (var answers in _answers.Values)
        {
            answers.Writer.TryComplete();
        }
    }

    private void Take(string text)
    {
        Frames.Enqueue(text);
        var frame = JsonElement.Parse(text);
        if (frame.TryGetProperty("type", out var type) && type.GetString() == "res")
        {
            AnswersOf(frame.GetProperty("id").GetString()!).Writer.TryWrite(frame);
        }
        else
        {
            _others.Writer.TryWrite(frame);
        }
    }
}
