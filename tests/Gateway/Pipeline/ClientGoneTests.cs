using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Gateways;
using Xunit;

namespace OpenClaw.Tests.Gateway.Pipeline;

/// <summary>Callers that leave at any moment, through both hosts: the provider's call ends and the session is free.</summary>
[Trait("Feature", "R15")]
public class ClientGoneTests(AzuriteFixture azurite)
{
    /// <summary>Less than the 30 s for which a session stays held by a run that did not end it.</summary>
    private static readonly TimeSpan AtOnce = TimeSpan.FromSeconds(15);

    [Theory]
    [InlineData("self-host")]
    [InlineData("worker")]
    public async Task A_caller_who_leaves_ends_the_model_call_and_frees_the_session(string hostName)
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var host = await StartAsync(hostName, upstream);
        using var client = host.Client;
        foreach (var (stream, saidFirst) in ((bool, bool)[])[(true, true), (true, false), (false, true), (false, false)])
        {
            var session = $"gone-{stream}-{saidFirst}".ToLowerInvariant();
            var said = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var gone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            upstream.Next(async call =>
            {
                if (saidFirst)
                {
                    await call.StartStreamAsync();
                    await call.SendDeltaAsync("half an answer");
                }

                said.SetResult();
                await call.ClientGone;
                gone.SetResult();
            });
            using (var leaving = new CancellationTokenSource())
            {
                var asking = AskAsync(client, session, "question", stream, leaving.Token);
                await said.Task.WaitAsync(FunctionsHost.Patience, TestContext.Current.CancellationToken);
                if (stream && saidFirst)
                {
                    using var answer = await asking;
                    using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
                    while (await reader.ReadLineAsync(TestContext.Current.CancellationToken) is { } line
                        && !line.Contains("half", StringComparison.Ordinal))
                    {
                    }
                }
                else
                {
                    await leaving.CancelAsync();
                    await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
                }
            }

            await gone.Task.WaitAsync(FunctionsHost.Patience, TestContext.Current.CancellationToken);
            var clock = Stopwatch.StartNew();
            using var next = await AskAsync(client, session, "again", stream: false, TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.OK, next.StatusCode);
            Assert.True(clock.Elapsed < AtOnce, $"{session} was free after {clock.Elapsed}");
            if (stream && saidFirst)
            {
                Assert.Equal(["question", "half an answer", "again"], Texts(upstream.Requests[^1]));
            }
        }
    }

    [Theory]
    [InlineData("self-host", true)]
    [InlineData("self-host", false)]
    [InlineData("worker", true)]
    [InlineData("worker", false)]
    public async Task A_caller_who_leaves_while_waiting_for_the_session_leaves_no_trace(string hostName, bool stream)
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var host = await StartAsync(hostName, upstream);
        using var client = host.Client;
        var mayEnd = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        upstream.Next(async call =>
        {
            await mayEnd.Task;
            await call.StreamTextAsync("first done");
        });
        var first = AskAsync(client, "s", "first", stream: false, TestContext.Current.CancellationToken);
        await upstream.RequestAsync(0);

        using (var leaving = new CancellationTokenSource())
        {
            var second = AskAsync(client, "s", "second", stream, leaving.Token);
            if (stream)
            {
                using var waiting = await second; // its headers are here: it waits in the stream
                Assert.Equal("text/event-stream", waiting.Content.Headers.ContentType!.MediaType);
            }

            await leaving.CancelAsync();
            if (!stream)
            {
                await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
            }
        }

        for (var i = 0; i < 100; i++)
        {
            using var health = await client.GetAsync("/health", TestContext.Current.CancellationToken); // the close came before these
        }

        mayEnd.SetResult();
        using var answer = await first;
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var clock = Stopwatch.StartNew();
        using var third = await AskAsync(client, "s", "third", stream: false, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, third.StatusCode);
        Assert.True(clock.Elapsed < AtOnce);
        Assert.Equal(["first", "first done", "third"], Texts(upstream.Requests[^1]));
        Assert.Equal(2, upstream.Requests.Count);
    }

    private static async Task<HttpResponseMessage> AskAsync(
        HttpClient client, string session, string text, bool stream, CancellationToken cancellationToken)
    {
        var json = $$"""{"model":"mock/m","stream":{{(stream ? "true" : "false")}},"messages":[{"role":"user","content":"{{text}}"}]}""";
        var request = new HttpRequestMessage(
            HttpMethod.Post, "/v1/chat/completions")
        { Content = new StringContent(json, Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", GatewayHost.Token);
        request.Headers.Add("x-openclaw-session-key", session);
        return await client.SendAsync(
            request, stream ? HttpCompletionOption.ResponseHeadersRead : HttpCompletionOption.ResponseContentRead, cancellationToken);
    }

    private static List<string?> Texts(UpstreamRequest request) =>
        [.. request.Body.GetProperty("messages").EnumerateArray().Select(m => m.GetProperty("content") switch
    {
        { ValueKind: JsonValueKind.String } text => text.GetString(),
        var parts => string.Concat(parts.EnumerateArray().Select(p => p.GetProperty("text").GetString())),
    })];

    private async Task<Running> StartAsync(string name, ScriptedUpstream upstream)
    {
        if (name == "self-host")
        {
            var gateway = await ResponsesGateway.StartAsync(upstream, azurite.StorageAccount);
            return new Running(gateway, new Uri(gateway.Url));
        }

        var host = await FunctionsHost.StartAsync(new Dictionary<string, string>
        {
            ["DataStorage"] = azurite.ConnectionString,
            ["OPENCLAW_GATEWAY_TOKEN"] = GatewayHost.Token,
            ["OPENCLAW__storage__prefix"] = AzuriteFixture.UniqueName()[..12],
            ["OPENCLAW__gateway__http__endpoints__chatCompletions__enabled"] = "true",
            ["OPENCLAW__models__providers__mock"] = $$"""{ baseUrl: "{{upstream.BaseUrl}}", models: [{ id: "m" }] }""",
        });
        return new Running(host, host.BaseUrl);
    }

    private sealed class Running(IAsyncDisposable host, Uri url) : IAsyncDisposable
    {
        public HttpClient Client { get; } = new(
            new SocketsHttpHandler { UseProxy = false, ResponseDrainTimeout = TimeSpan.Zero })
        {
            BaseAddress = url,
            Timeout = TimeSpan.FromMinutes(2)
        };

        public ValueTask DisposeAsync() => host.DisposeAsync();
    }
}
