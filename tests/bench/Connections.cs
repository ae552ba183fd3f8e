using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using OpenClaw.Tests.Support.Realtime.Fuzz;

namespace OpenClaw.Bench;

/// <summary>Many control-plane connections to one gateway: what an idle one costs, whether every event of many answers arrives in order,
/// and what it takes to show one answer to all clients.</summary>
internal sealed class Connections : IDisposable
{
    private const string Token = "bench-token-5d21c0";
    private const int TurnsEach = 5;

    private static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(30);

    private readonly Server _server;
    private readonly HttpClient _http;
    private int _wrong;

    private Connections(Server server)
    {
        _server = server;
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri(server.Url) };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
    }

    public static async Task<int> RunAsync(string gateway, int idle, int streaming)
    {
        using var upstream = await Server.StartAsync(Environment.ProcessPath!, ["upstream"], probe: false);
        var config = Path.Combine(Directory.CreateTempSubdirectory("openclaw-bench").FullName, "openclaw.json");
        await File.WriteAllTextAsync(config, $$"""
            { gateway: { auth: { token: "{{Token}}" }, http: { rateLimit: { requestsPerMinute: 0 } },
                         realtime: { maxConnectionsPerCaller: 100000 } },
              models: { providers: { bench: {
                baseUrl: "{{upstream.Url}}/v1", apiKey: "k", models: [{ id: "{{CannedUpstream.PacedModel}}" }] } } },
              agents: { defaults: { model: "bench/{{CannedUpstream.PacedModel}}" } },
              storage: { prefix: "c{{Guid.NewGuid().ToString("N")[..10]}}" } }
            """);
        using var bench = new Connections(await Server.StartAsync(gateway, ["gateway", "start", "--port", "0", "--config", config], Token));
        await bench.RunAsync(idle, streaming);
        return bench._wrong;
    }

    public void Dispose()
    {
        _http.Dispose();
        _server.Dispose();
    }

    private async Task RunAsync(int idleCount, int streamingCount)
    {
        var idleKey = await CreateKeyAsync();
        await using (await ConnectAsync(idleKey))
        {
            // the first connection loads code that all share
        }

        var (rss, cpu, clock) = (_server.Rss, _server.Cpu, Stopwatch.StartNew());
        var idle = new List<FrameSocket>();
        foreach (var batch in Enumerable.Range(0, idleCount).Chunk(50))
        {
            idle.AddRange(await Task.WhenAll(batch.Select(_ => ConnectAsync(idleKey))));
        }

        Console.WriteLine(
            $"{idleCount} connected in {clock.Elapsed.TotalSeconds:F1} s, {(_server.Cpu - cpu).TotalSeconds:F1} s CPU");
        cpu = _server.Cpu;
        await Task.Delay(IdleTime);
        Console.WriteLine($"idle: {(_server.Rss - rss) * 1024 / idleCount:F0} KB a connection, gateway at {_server.Rss:F0} MB, "
            + $"{(_server.Cpu - cpu) / IdleTime * 100:F1} % of a core");

        var keys = await Task.WhenAll(Enumerable.Range(0, streamingCount).Select(_ => CreateKeyAsync()));
        var clients = await Task.WhenAll(keys.Select(ConnectAsync));
        (rss, cpu, clock) = (_server.Rss, _server.Cpu, Stopwatch.StartNew());
        var events = (await Task.WhenAll(clients.Select(StreamAsync))).Sum();
        Console.WriteLine(
            $"streaming: {streamingCount} clients had {streamingCount * TurnsEach} answers in {clock.Elapsed.TotalSeconds:F1} s, "
            + $"{events} events in order, {(_server.Cpu - cpu).TotalSeconds:F1} s CPU, gateway from {rss:F0} to {_server.Rss:F0} MB");

        await using var sender = await ConnectAsync(idleKey);
        (cpu, clock) = (_server.Cpu, Stopwatch.StartNew());
        await SendAsync(sender, "fan-out", 0);
        var seen = await Task.WhenAll(idle.Select(client => FollowAsync(client, "fan-out-0")));
        Console.WriteLine(
            $"one answer for all: {seen.Sum()} events to {idleCount} clients in {clock.Elapsed.TotalSeconds:F1} s, "
            + $"{(_server.Cpu - cpu).TotalSeconds:F1} s CPU, gateway at {_server.Rss:F0} MB, {_wrong} wrong");
        await Task.WhenAll(idle.Concat(clients).Select(client => client.DisposeAsync().AsTask()));
    }

    /// <returns>The events that came.</returns>
    private async Task<int> StreamAsync(FrameSocket client)
    {
        var events = 0;
        var name = Guid.NewGuid().ToString("N")[..8];
        for (var turn = 0; turn < TurnsEach; turn++)
        {
            await SendAsync(client, name, turn);
            events += await FollowAsync(client, $"{name}-{turn}");
        }

        return events;
    }

    private static Task<bool> SendAsync(FrameSocket client, string name, int turn) => client.SendAsync(
        Encoding.UTF8.GetBytes($$$"""
            {"type":"req","id":"{{{turn}}}","method":"chat.send",
             "params":{"sessionKey":"{{{name}}}","message":"hi","idempotencyKey":"{{{name}}}-{{{turn}}}"}}
            """),
        isBinary: false, CancellationToken.None);

    /// <summary>Reads the events of one run to its end: the numbers go up one by one, and the pieces make the whole.</summary>
    private async Task<int> FollowAsync(FrameSocket client, string run)
    {
        var (events, lastSeq, text) = (0, -1L, new StringBuilder());
        while (await client.NextAsync(CancellationToken.None) is { } message)
        {
            var frame = JsonElement.Parse(message);
            if (frame.Text("event") != "chat" || frame.GetProperty("payload") is var payload && payload.Text("runId") != run)
            {
                continue;
            }

            events++;
            var seq = frame.GetProperty("seq").GetInt64();
            if (seq <= lastSeq)
            {
                Interlocked.Increment(ref _wrong);
            }

            lastSeq = seq;
            text.Append(payload.Text("deltaText"));
            if (payload.Text("state") is "final")
            {
                var whole = string.Concat(
                    payload.GetProperty("message").GetProperty("content").EnumerateArray().Select(part => part.Text("text")));
                if (whole != text.ToString() || !whole.StartsWith("token 0 ", StringComparison.Ordinal))
                {
                    Interlocked.Increment(ref _wrong);
                }

                return events;
            }
        }

        Interlocked.Increment(ref _wrong);
        return events;
    }

    private async Task<FrameSocket> ConnectAsync(string key)
    {
        var socket = await FrameSocket.OpenAsync(
            new Uri(_server.Url.Replace("http://", "ws://", StringComparison.Ordinal) + "/ws"), CancellationToken.None);
        await socket.NextAsync(CancellationToken.None);
        var connect = FrameSamples.Connect(key).Replace(
            "\"operator.admin\"", "\"operator.read\",\"operator.write\"", StringComparison.Ordinal);
        await socket.SendAsync(Encoding.UTF8.GetBytes(connect), isBinary: false, CancellationToken.None);
        return (await socket.NextAsync(CancellationToken.None))?.Contains("hello-ok", StringComparison.Ordinal) == true ? socket
            : throw new InvalidOperationException("A client was not let in.");
    }

    private async Task<string> CreateKeyAsync()
    {
        using var body = new StringContent(
            $$"""{"name":"{{Guid.NewGuid():N}}","scopes":["operator.read","operator.write"]}""", Encoding.UTF8, "application/json");
        using var answer = await _http.PostAsync(new Uri("/api/v1/keys", UriKind.Relative), body);
        return JsonElement.Parse(await answer.Content.ReadAsStringAsync()).GetProperty("data").Text("key")!;
    }
}
