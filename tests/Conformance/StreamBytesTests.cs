using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Gateways;
using Xunit;

namespace OpenClaw.Tests.Conformance;

/// <summary>What a stream is on the wire: chunks as they were sent, byte for byte.</summary>
public class StreamBytesTests
{
    private const string Stream = """{"model":"mock/test-model","stream":true,"store":false,"input":"Hi"}""";

    [Fact]
    [Trait("Feature", "F66")]
    public async Task Every_event_is_one_chunk_with_line_feeds_alone_and_done_comes_last()
    {
        await using var gateway = await GatewayHost.StartAsync();
        using var exchange = await RawExchange.PostAsync(
            new Uri(gateway.Url), ResponsesGateway.Path, """{"model":"openclaw","stream":true,"store":false,"input":"one two three"}""");
        Assert.Equal("text/event-stream; charset=utf-8", exchange.Headers["content-type"]);
        var chunks = await exchange.ReadChunksAsync();

        AssertChunks(chunks);
        Assert.Equal("data: [DONE]\n\n", chunks[^1]);
        Assert.Equal(
            ["response.created", "response.in_progress", "response.output_item.added", "response.content_part.added",
                "response.output_text.delta",
             "response.output_text.delta", "response.output_text.delta", "response.output_text.done", "response.content_part.done",
             "response.output_item.done", "response.completed"],
            chunks[..^1].Select(c => c[7..c.IndexOf('\n', StringComparison.Ordinal)]));
    }

    [Fact]
    [Trait("Feature", "F66")]
    public async Task An_event_of_many_kilobytes_is_still_one_chunk()
    {
        await using var gateway = await GatewayHost.StartAsync();
        using var exchange = await RawExchange.PostAsync(
            new Uri(gateway.Url), ResponsesGateway.Path,
            $$"""{"model":"openclaw","stream":true,"store":false,"instructions":"{{new string('x', 30_000)}}","input":"ü Hi"}""");
        var chunks = await exchange.ReadChunksAsync();

        AssertChunks(chunks);
        Assert.Contains(chunks, c => c.Length > 30_000);
    }

    [Fact]
    [Trait("Feature", "R17")]
    public async Task Headers_go_out_after_two_seconds_and_a_comment_after_every_15_of_silence()
    {
        var clock = new WatchedTimeProvider();
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream, clock);
        var released = new TaskCompletionSource();
        upstream.Next(async call =>
        {
            await released.Task;
            await call.StreamTextAsync("late");
        });
        var posting = RawExchange.PostAsync(new Uri(gateway.Url), ResponsesGateway.Path, Stream);
        await upstream.RequestAsync(0).WaitAsync(FunctionsHost.Patience);
        await clock.WaitForTimerAsync(TimeSpan.FromSeconds(2)).WaitAsync(FunctionsHost.Patience);
        Assert.False(posting.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(2));
        using var exchange = await posting.WaitAsync(FunctionsHost.Patience);
        Assert.Equal(200, exchange.Status);
        Assert.Equal(": keep-alive\n\n", await exchange.ReadChunkAsync());
        for (var i = 0; i < 2; i++)
        {
            await clock.WaitForTimerAsync(TimeSpan.FromSeconds(15)).WaitAsync(FunctionsHost.Patience);
            clock.Advance(TimeSpan.FromSeconds(15));
            Assert.Equal(": keep-alive\n\n", await exchange.ReadChunkAsync());
        }

        released.SetResult();
        var stream = await SuiteStream.ReadAsync(exchange);
        Assert.Empty(stream.Faults);
        Assert.Equal("completed", stream.Final!.Value.Status());
    }

    [Fact]
    [Trait("Feature", "R17")]
    [Trait("Feature", "F67")]
    public async Task A_failure_after_the_headers_is_an_error_and_a_failed_response_that_clients_can_fold()
    {
        var clock = new WatchedTimeProvider();
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream, clock);
        var released = new TaskCompletionSource();
        upstream.Next(async call =>
        {
            await released.Task;
            await call.RespondAsync(401, "{}");
        });
        var posting = RawExchange.PostAsync(new Uri(gateway.Url), ResponsesGateway.Path, Stream);
        await upstream.RequestAsync(0).WaitAsync(FunctionsHost.Patience);
        await clock.WaitForTimerAsync(TimeSpan.FromSeconds(2)).WaitAsync(FunctionsHost.Patience);
        clock.Advance(TimeSpan.FromSeconds(2));
        using var exchange = await posting.WaitAsync(FunctionsHost.Patience);
        released.SetResult();
        var stream = await SuiteStream.ReadAsync(exchange);

        Assert.Empty(stream.Faults);
        Assert.True(stream.IsDone);
        Assert.Equal(["response.created", "response.in_progress", "error", "response.failed"], stream.Events.Select(e => e.Type()));
        Assert.Equal("upstream_authentication", stream.Final!.Value.GetProperty("error").GetProperty("code").GetString());
        Assert.Equal("failed", stream.Final.Value.Status());
    }

    [Fact]
    public async Task Two_hundred_streams_at_once_are_all_whole()
    {
        await using var gateway = await GatewayHost.StartAsync();
        var streams = await Task.WhenAll(Enumerable.Range(0, 200).Select(async i =>
        {
            using var exchange = await RawExchange.PostAsync(
                new Uri(gateway.Url), ResponsesGateway.Path,
                    $$"""{"model":"openclaw","stream":true,"store":false,"input":"stream number {{i}}"}""");
            return await SuiteStream.ReadAsync(exchange);
        }));

        Assert.All(streams, s => Assert.Empty(s.Faults));
        Assert.All(streams, s => Assert.True(s.IsDone));
        Assert.Equal(Enumerable.Range(0, 200).Select(i => $"stream number {i}"), streams.Select(s => s.Final!.Value.Text()));
    }

    private static void AssertChunks(IReadOnlyList<string> chunks) => Assert.All(chunks, chunk =>
    {
        Assert.EndsWith("\n\n", chunk, StringComparison.Ordinal);
        Assert.DoesNotContain('\r', chunk);
        var lines = chunk[..^2].Split('\n');
        Assert.StartsWith("data: ", lines[^1], StringComparison.Ordinal);
        if (lines is [var name, var data])
        {
            Assert.Equal(name["event: ".Length..], JsonElement.Parse(data["data: ".Length..]).Type());
        }
        else
        {
            Assert.Equal(["data: [DONE]"], lines);
        }
    });

    private static Task<GatewayHost> StartAsync(ScriptedUpstream upstream, WatchedTimeProvider clock) => GatewayHost.StartAsync(
        configure: c => c.Models.Providers = new Dictionary<string,
            OpenClaw.Configuration.ProviderSection>
        { ["mock"] = upstream.ProviderConfig() },
        services: s => s.AddSingleton<TimeProvider>(clock));
}
