using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using OpenClaw.Tests.Support;

namespace OpenClaw.Tests.Conformance;

/// <summary>A WebSocket client of the Responses API that checks every message.</summary>
internal sealed class SuiteSocket : IDisposable
{
    private readonly ClientWebSocket _socket = new();
    private readonly byte[] _buffer = new byte[64 * 1024];

    public static async Task<SuiteSocket> ConnectAsync(Uri baseUrl, string bearer = GatewayHost.Token)
    {
        var socket = new SuiteSocket();
        socket._socket.Options.SetRequestHeader("Authorization", "Bearer " + bearer);
        using var limit = new CancellationTokenSource(FunctionsHost.Patience);
        await socket._socket.ConnectAsync(new UriBuilder(baseUrl) { Scheme = "ws", Path = "/v1/responses" }.Uri, limit.Token);
        return socket;
    }

    public async Task SendAsync(string message)
    {
        using var limit = new CancellationTokenSource(FunctionsHost.Patience);
        await _socket.SendAsync(Encoding.UTF8.GetBytes(message), WebSocketMessageType.Text, endOfMessage: true, limit.Token);
    }

    /// <summary>The next message; null when the other side closed.</summary>
    public async Task<JsonElement?> ReceiveAsync()
    {
        using var limit = new CancellationTokenSource(FunctionsHost.Patience);
        using var message = new MemoryStream();
        while (true)
        {
            var part = await _socket.ReceiveAsync(_buffer.AsMemory(), limit.Token);
            if (part.MessageType == WebSocketMessageType.Close)
            {
                return null;
            }

            message.Write(_buffer, 0, part.Count);
            if (part.EndOfMessage)
            {
                return JsonElement.Parse(message.ToArray());
            }
        }
    }

    /// <summary>Sends one turn and reads it to its end: a terminal event or an error.</summary>
    public async Task<SocketTurn> TurnAsync(string message)
    {
        await SendAsync(message);
        var events = new List<JsonElement>();
        var faults = new List<string>();
        while (await ReceiveAsync() is { } next)
        {
            events.Add(next);
            var type = next.GetProperty("type").GetString();
            var isError = type == "error" && !next.TryGetProperty("sequence_number", out _);
            faults.AddRange(isError ? ResponseSchema.Check(next, "socketError") : ResponseSchema.CheckEvent(next));
            if (isError || type is "response.completed" or "response.failed" or "response.incomplete")
            {
                break;
            }
        }

        return new SocketTurn(events, faults);
    }

    public Task CloseAsync() =>
        _socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, new CancellationTokenSource(FunctionsHost.Patience).Token);

    public void Abort() => _socket.Abort();

    public void Dispose() => _socket.Dispose();
}

internal sealed record SocketTurn(IReadOnlyList<JsonElement> Events, IReadOnlyList<string> Faults)
{
    public JsonElement? Response => Events[^1].TryGetProperty("response", out var response) ? response : null;

    public string? Status => Response?.GetProperty("status").GetString();

    public string? ErrorCode => Events[^1].TryGetProperty("error", out var error) ? error.GetProperty("code").GetString() : null;

    public string Id => Response!.Value.GetProperty("id").GetString()!;
}
