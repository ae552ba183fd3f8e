using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using OpenClaw.Configuration;
using OpenClaw.Models.Upstream;
using OpenClaw.Sessions;
using OpenClaw.Storage.Tables;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Gateways;
using Xunit;

namespace OpenClaw.Tests.Gateway.Pipeline;

/// <summary>Front ends hang up on silence and on slow answers; the gateway is there before them.</summary>
[Trait("Feature", "R16")]
public class SilentStreamTests(AzuriteFixture azurite)
{
    private const string Comment = ": keep-alive";
    private const string Chat = """{"model":"mock/m","stream":true,"user":"u","messages":[{"role":"user","content":"Hi"}]}""";

    [Theory]
    [InlineData("/v1/chat/completions", Chat, "\"finish_reason\":\"stop\"", "data: [DONE]")]
    [InlineData("/v1/responses", """{"model":"mock/m","stream":true,"store":false,"input":"Hi"}""", "response.completed", "data: [DONE]")]
    [InlineData("/v1/responses", """{"model":"mock/m","stream":true,"background":true,"input":"Hi"}""", "response.completed",
        "data: [DONE]")]
    [InlineData("/api/chat", """{"model":"mock/m","stream":true,"message":"Hi"}""", "\"type\":\"done\"", "data: ")]
    public async Task Five_minutes_of_silence_are_a_comment_every_15_seconds_and_then_the_real_end(
        string path, string body, string end, string last)
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream, clock);
        var mayEnd = AnswerHalf(upstream);
        using var answer = await gateway.PostAsync(path, body, stream: true);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
        await ReadToAsync(reader, gateway, clock, "half");

        await HearNothingButCommentsAsync(reader, clock);
        mayEnd.SetResult();

        var rest = new List<string>();
        while (await NextLineAsync(reader, gateway, clock) is { } line)
        {
            rest.Add(line);
        }

        Assert.Contains(rest, l => l.Contains(end, StringComparison.Ordinal));
        Assert.StartsWith(last, rest.Last(l => l.StartsWith("data:", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Followers_of_a_silent_run_hear_comments_and_then_its_end()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream, clock);
        var mayEnd = AnswerHalf(upstream);
        await gateway.CreateAsync("""{"model":"mock/m","background":true,"input":"Hi"}""");
        await upstream.RequestAsync(0);
        var id = await RunIdAsync(gateway);
        using var answer = await FollowAsync(gateway, $"/api/runs/{id}/events");
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
        await ReadToAsync(reader, gateway, clock, "half");

        await HearNothingButCommentsAsync(reader, clock);
        mayEnd.SetResult();

        await ReadToAsync(reader, gateway, clock, "run.completed");
    }

    [Fact]
    public async Task Followers_of_a_silent_session_hear_comments_and_then_its_next_message()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream, clock);
        await SayAsync("first");
        using var answer = await FollowAsync(gateway, "/sessions/quiet/history");
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
        await ReadToAsync(reader, gateway, clock, "\"assistant\"");

        await HearNothingButCommentsAsync(reader, clock);
        await SayAsync("second");

        await ReadToAsync(reader, gateway, clock, "second");

        async Task SayAsync(string text)
        {
            using var said = await gateway.PostChatAsync(
                $$"""{"model":"mock/m","messages":[{"role":"user","content":"{{text}}"}]}""", r =>
                    r.Headers.Add("x-openclaw-session-key", "quiet"));
            Assert.Equal(HttpStatusCode.OK, said.StatusCode);
        }
    }

    [Theory]
    [InlineData("/v1/chat/completions", """{"model":"mock/m","messages":[{"role":"user","content":"Hi"}]}""", false)]
    [InlineData("/v1/chat/completions", """{"model":"mock/m","user":"u","messages":[{"role":"user","content":"Hi"}]}""", true)]
    [InlineData("/v1/responses", """{"model":"mock/m","input":"Hi","store":false}""", false)]
    [InlineData("/v1/responses", """{"model":"mock/m","input":"Hi"}""", true)]
    [InlineData("/v1/responses/compact", """{"model":"mock/m","input":"Hi"}""", false)]
    [InlineData("/v1/embeddings", """{"model":"openclaw","input":"Hi"}""", false, "x-openclaw-model: mock/m")]
    [InlineData("/api/chat", """{"model":"mock/m","message":"Hi"}""", true)]
    public async Task In_the_worker_a_json_answer_is_cut_at_200_seconds_and_a_durable_run_is_named(
        string path, string body, bool durable, string? header = null)
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(
            upstream, clock, HostTraits.SelfHost with { AnswerLimit = HostTraits.Worker.AnswerLimit });
        upstream.Next(call => call.HangAsync());
        var posting = gateway.PostAsync(path, body, request =>
        {
            if (header?.Split(": ") is [var name, var value])
            {
                request.Headers.Add(name, value);
            }
        });
        await Task.WhenAny(upstream.RequestAsync(0), posting);

        clock.Advance(TimeSpan.FromSeconds(199));
        Assert.False(posting.IsCompleted, posting.IsCompleted
            ? await (await posting).Content.ReadAsStringAsync(TestContext.Current.CancellationToken) : "");
        clock.Advance(TimeSpan.FromSeconds(1));
        using var answer = await posting;

        Assert.Equal(HttpStatusCode.GatewayTimeout, answer.StatusCode);
        var error = (await answer.ReadJsonAsync()).GetProperty("error");
        var message = error.GetProperty("message").GetString()!;
        Assert.Equal(durable, message.Contains(" run_", StringComparison.Ordinal));
        if (durable)
        {
            using var run = await gateway.Client.GetAsync(
                $"/api/runs/{message.Split(' ').Single(w => w.StartsWith("run_", StringComparison.Ordinal))}",
                TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.OK, run.StatusCode);
        }
    }

    /// <summary>The first tick may follow an event; from then on each has its comment.</summary>
    private static async Task HearNothingButCommentsAsync(StreamReader reader, FakeTimeProvider clock)
    {
        Assert.Equal("", await reader.ReadLineAsync(TestContext.Current.CancellationToken)); // the end of the event before
        clock.Advance(TimeSpan.FromSeconds(15));
        for (var heard = 0; heard < 20; heard++)
        {
            clock.Advance(TimeSpan.FromSeconds(15));
            var line = await reader.ReadLineAsync(TestContext.Current.CancellationToken);
            Assert.Equal(Comment, line);
            Assert.Equal("", await reader.ReadLineAsync(TestContext.Current.CancellationToken));
        }
    }

    private static async Task ReadToAsync(StreamReader reader, GatewayHost gateway, FakeTimeProvider clock, string text)
    {
        while (await NextLineAsync(reader, gateway, clock) is { } line)
        {
            if (line.Contains(text, StringComparison.Ordinal))
            {
                return;
            }
        }

        Assert.Fail($"The stream ended without '{text}'.");
    }

    /// <summary>The clock is moved on until a line comes: some followers look for news now and then.</summary>
    private static Task<string?> NextLineAsync(StreamReader reader, GatewayHost gateway, FakeTimeProvider clock) =>
        gateway.WhileTimeGoesOnAsync(
            reader.ReadLineAsync(TestContext.Current.CancellationToken).AsTask(), clock, TimeSpan.FromMilliseconds(20));

    private static TaskCompletionSource AnswerHalf(ScriptedUpstream upstream)
    {
        var mayEnd = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        upstream.Next(async call =>
        {
            await call.StartStreamAsync();
            await call.SendDeltaAsync("half");
            await mayEnd.Task;
            await call.FinishAsync();
        });
        return mayEnd;
    }

    private static async Task<HttpResponseMessage> FollowAsync(GatewayHost gateway, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Accept.ParseAdd("text/event-stream");
        return await gateway.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    private async Task<string> RunIdAsync(GatewayHost gateway)
    {
        var table = azurite.StorageAccount.Table(gateway.Prefix + SessionStore.TableName);
        var runs = new TableQuery { Filter = TableQuery.Where($"RowKey ge {"run~"} and RowKey lt {"run~~"}") };
        await foreach (var row in table.QueryAsync(runs, TestContext.Current.CancellationToken))
        {
            return "run_" + row.PartitionKey + row.RowKey["run~".Length..];
        }

        throw new InvalidOperationException("No run is stored.");
    }

    private Task<GatewayHost> StartAsync(ScriptedUpstream upstream, FakeTimeProvider clock, HostTraits? traits = null) =>
        GatewayHost.StartAsync(
        azurite.StorageAccount,
        c => c.Models.Providers = new Dictionary<string, ProviderSection> { ["mock"] = upstream.ProviderConfig() },
        s => s.AddSingleton<TimeProvider>(clock).AddSingleton(traits ?? HostTraits.SelfHost).AddSingleton(
            new ModelHttpOptions { TimeProvider = clock }));
}
