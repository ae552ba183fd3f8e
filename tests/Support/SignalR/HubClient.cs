using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace OpenClaw.Tests.Support.SignalR;

/// <summary>A SignalR client of the control plane.</summary>
internal sealed class HubClient : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly HubConnection _hub;
    private readonly Channel<JsonElement> _frames = Channel.CreateUnbounded<JsonElement>();
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _next;

    private HubClient(HubConnection hub)
    {
        _hub = hub;
        hub.On<JsonElement>("frame", frame => _frames.Writer.TryWrite(frame));
        hub.Closed += _ =>
        {
            _closed.TrySetResult();
            return Task.CompletedTask;
        };
    }

    /// <summary>Completes when the connection has ended.</summary>
    public Task Closed => _closed.Task.WaitAsync(Patience);

    /// <summary>The nonce of the challenge.</summary>
    public string Nonce { get; private set; } = "";

    public static async Task<HubClient> OpenAsync(GatewayHost gateway, string? token = GatewayHost.Token)
    {
        var client = new HubClient(new HubConnectionBuilder()
            .WithUrl(gateway.Url + "/", options => options.AccessTokenProvider = () => Task.FromResult(token))
            .AddJsonProtocol(json => json.PayloadSerializerOptions.TypeInfoResolver = StandInJson.Default).Build());
        await client._hub.StartAsync();
        var challenge = await client.FrameAsync(f => IsEvent(f, "connect.challenge"));
        client.Nonce = challenge.GetProperty("payload").GetProperty("nonce").GetString()!;
        return client;
    }

    /// <summary>A client that is connected.</summary>
    public static async Task<HubClient> ConnectAsync(GatewayHost gateway, string? token = GatewayHost.Token, string scopes = "")
    {
        var client = await OpenAsync(gateway, token);
        var hello = await client.RequestAsync("connect", Connect(scopes));
        Assert.Equal("hello-ok", hello.GetProperty("type").GetString());
        return client;
    }

    public static string Connect(string scopes = "", string extra = "") =>
        $$"""
        {"minProtocol":4,"maxProtocol":4,"client":{"id":"gateway-client","version":"1","platform":"linux","mode":"backend"}{{(scopes.Length == 0 ? "" : $",\"scopes\":[{scopes}]")}}{{extra}}}
        """;

    /// <summary>The response frame.</summary>
    public async Task<JsonElement> CallAsync(string method, string parameters) => await _hub.InvokeAsync<JsonElement>(
        "rpc",
        JsonElement.Parse($$"""{"type":"req","id":"{{Interlocked.Increment(ref _next)}}","method":"{{method}}","params":{{parameters}}}"""));

    /// <summary>The payload of a success.</summary>
    public async Task<JsonElement> RequestAsync(string method, string parameters = "{}")
    {
        var answer = await CallAsync(method, parameters);
        Assert.True(answer.GetProperty("ok").GetBoolean(), answer.ToString());
        return answer.GetProperty("payload");
    }

    /// <summary>The error of a failure.</summary>
    public async Task<JsonElement> FailAsync(string method, string parameters = "{}")
    {
        var answer = await CallAsync(method, parameters);
        Assert.False(answer.GetProperty("ok").GetBoolean(), answer.ToString());
        return answer.GetProperty("error");
    }

    public Task InvokeAsync(string method, object? argument) => _hub.InvokeCoreAsync<JsonElement?>(method, [argument]);

    public Task SendAsync(string session, string key, string text) => RequestAsync(
        "chat.send", $$"""{"sessionKey":"{{session}}","message":"{{text}}","idempotencyKey":"{{key}}"}""");

    /// <summary>The next frame that fits; others that come before it are lost.</summary>
    public async Task<JsonElement> FrameAsync(Func<JsonElement, bool> fits)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            var frame = await _frames.Reader.ReadAsync(patience.Token);
            if (fits(frame))
            {
                return frame;
            }
        }
    }

    /// <summary>The payloads of a run's <c>chat</c> events, to its end.</summary>
    public async Task<List<JsonElement>> ChatAsync(string runId)
    {
        var events = new List<JsonElement>();
        do
        {
            var frame = await FrameAsync(f => IsEvent(f, "chat") && f.GetProperty("payload").GetProperty("runId").GetString() == runId);
            events.Add(frame.GetProperty("payload"));
        }
        while (events[^1].GetProperty("state").GetString() is "delta" or "status");
        return events;
    }

    /// <summary>What has come and was not read yet.</summary>
    public List<JsonElement> Rest()
    {
        var rest = new List<JsonElement>();
        while (_frames.Reader.TryRead(out var frame))
        {
            rest.Add(frame);
        }

        return rest;
    }

    public static bool IsEvent(JsonElement frame, string name) =>
        frame.TryGetProperty("event", out var found) && found.GetString() == name;

    public ValueTask DisposeAsync() => _hub.DisposeAsync();
}
