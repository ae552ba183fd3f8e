using System.Diagnostics;
using System.Text;

namespace OpenClaw.Bench;

/// <summary>What one round of requests cost.</summary>
/// <param name="CpuPerRequest">Milliseconds of server CPU.</param>
/// <param name="PerSecond">Requests a second.</param>
/// <param name="FirstByteP50">Milliseconds to the first body byte.</param>
internal sealed record LoadResult(double CpuPerRequest, double PerSecond, double FirstByteP50, double FirstByteP95);

internal enum LoadKind
{
    /// <summary>Stateless, one JSON answer.</summary>
    Json,

    /// <summary>Stateless, SSE.</summary>
    Stream,

    /// <summary>Stateless, SSE, each delta by itself.</summary>
    Paced,

    /// <summary>Ten turns each of stored sessions, JSON.</summary>
    Session,

    /// <summary>A stored response each, JSON.</summary>
    Response,
}

/// <summary>So many chat requests, so many at a time.</summary>
internal static class Load
{
    private const int TurnsPerSession = 10;

    private const string Streamed =
        """{"model":"bench/bench-model","stream":true,"temperature":0.7,"messages":[{"role":"system","content":"You are a helpful assistant."},{"role":"user","content":"Say something that takes about sixty tokens, please."}]}""";

    private static readonly string Whole = Streamed.Replace("\"stream\":true,", "", StringComparison.Ordinal);

    public static async Task<LoadResult> RunAsync(Server server, LoadKind kind, int requests, int parallel)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        var url = new Uri(server.Url + (kind == LoadKind.Response ? "/v1/responses" : "/v1/chat/completions"));
        var firstBytes = new double[requests];
        var run = Guid.NewGuid().ToString("N");
        var turns = requests / parallel;
        var cpu = server.Cpu;
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, parallel).Select(async sender =>
        {
            var buffer = new byte[32 * 1024];
            for (var turn = 0; turn < turns; turn++)
            {
                var body = Encoding.UTF8.GetBytes(kind switch
                {
                    LoadKind.Stream => Streamed,
                    LoadKind.Paced => Streamed.Replace("bench-model", CannedUpstream.PacedModel, StringComparison.Ordinal),
                    LoadKind.Json => Whole,
                    LoadKind.Response => """{"model":"bench/bench-model","input":"Say something that takes about sixty tokens, please."}""",
                    _ => Whole.Replace("{\"model\"", $"{{\"user\":\"{run}-{sender}-{turn / TurnsPerSession}\",\"model\"",
                        StringComparison.Ordinal),
                });
                firstBytes[(sender * turns) + turn] = await SendAsync(client, url, body, server.Token, buffer);
            }
        }));
        var elapsed = clock.Elapsed;
        var used = server.Cpu - cpu;
        Array.Sort(firstBytes);
        return new LoadResult(
            used.TotalMilliseconds / requests, requests / elapsed.TotalSeconds, firstBytes[requests / 2],
                firstBytes[(int)(requests * 0.95)]);
    }

    private static async Task<double> SendAsync(HttpClient client, Uri url, byte[] body, string? token, byte[] buffer)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
        if (token is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + token);
        }

        var clock = Stopwatch.StartNew();
        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        answer.EnsureSuccessStatusCode();
        await using var content = await answer.Content.ReadAsStreamAsync();
        var first = 0.0;
        while (await content.ReadAsync(buffer) > 0)
        {
            first = first == 0 ? clock.Elapsed.TotalMilliseconds : first;
        }

        return first;
    }
}
