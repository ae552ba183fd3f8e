using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using OpenClaw.Configuration;
using OpenClaw.Security.Limits;
using OpenClaw.Tests.Conformance;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Gateways;
using Xunit;

namespace OpenClaw.Tests.Gateway.Pipeline;

/// <summary>Bodies whose requests are not answered yet share a budget of bytes.</summary>
public class BodyBudgetTests(AzuriteFixture azurite)
{
    private static readonly string Big = new('x', 60_000);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("Feature", "T38")]
    public async Task A_body_without_room_is_503_with_a_time_and_is_taken_once_others_are_answered(bool chunked)
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream, mostOfCaller: 200_000);
        var release = Hold(upstream, 1);
        var first = gateway.PostChatAsync(ChatOf(Big));
        await upstream.RequestAsync(0);
        using var refused = await PostAsync(gateway, ChatOf(Big), chunked);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.Equal("too_many_bytes_in_flight", (await refused.ReadErrorAsync()).Code);
        Assert.NotNull(refused.Headers.RetryAfter);
        using var small = await gateway.PostChatAsync(ChatOf("hi"));
        Assert.Equal(HttpStatusCode.OK, small.StatusCode);
        release.SetResult();
        Assert.Equal(HttpStatusCode.OK, (await first).StatusCode);
        using var later = await PostAsync(gateway, ChatOf(Big), chunked);
        Assert.Equal(HttpStatusCode.OK, later.StatusCode);
        Assert.Equal(0, gateway.Services.GetRequiredService<BodyBudget>().InFlight);
    }

    [Fact]
    [Trait("Feature", "T38")]
    public async Task One_caller_takes_no_more_than_its_share()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream, most: 1_000_000, mostOfCaller: 100_000);
        var (_, ann) = await gateway.CreateKeyAsync(ApiKeyGateway.Writer);
        var (_, bob) = await gateway.CreateKeyAsync(ApiKeyGateway.Writer);
        var release = Hold(upstream, 1);
        var first = gateway.PostChatAsync(ChatOf(Big), r => r.Use(ann));
        await upstream.RequestAsync(0);
        using var refused = await gateway.PostChatAsync(ChatOf(Big), r => r.Use(ann));
        using var other = await gateway.PostChatAsync(ChatOf(Big), r => r.Use(bob));

        Assert.Equal((HttpStatusCode.ServiceUnavailable, HttpStatusCode.OK), (refused.StatusCode, other.StatusCode));
        release.SetResult();
        Assert.Equal(HttpStatusCode.OK, (await first).StatusCode);
    }

    [Fact]
    [Trait("Feature", "T38")]
    public async Task A_single_body_is_taken_even_when_it_is_larger_than_the_budget()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream, most: 1_000, mostOfCaller: 500);
        using var answer = await gateway.PostChatAsync(ChatOf(Big));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    [Trait("Feature", "T38")]
    public async Task Messages_that_wait_on_a_socket_count_and_one_without_room_is_an_error_in_its_turn()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream, mostOfCaller: 200_000);
        var release = Hold(upstream, 1);
        using var socket = await SuiteSocket.ConnectAsync(new Uri(gateway.Url));
        var turn = $$"""{"type":"response.create","model":"mock/m","store":false,"input":"{{Big}}"}""";
        var first = socket.TurnAsync(turn);
        await upstream.RequestAsync(0);
        await socket.SendAsync(turn);
        await socket.SendAsync("""{"type":"response.create","model":"mock/m","store":false,"input":"Hi"}""");
        release.SetResult();

        Assert.Equal("completed", (await first).Status);
        var refused = (await socket.ReceiveAsync())!.Value;
        Assert.Equal("too_many_bytes_in_flight", refused.GetProperty("error").GetProperty("code").GetString());
        Assert.Equal("response.created", (await socket.ReceiveAsync())!.Value.Type());
        socket.Abort();
    }

    [Fact]
    [Trait("Feature", "T38")]
    public async Task An_upload_counts_too()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream, mostOfCaller: 200_000);
        var release = Hold(upstream, 1);
        var first = gateway.PostChatAsync(ChatOf(Big));
        await upstream.RequestAsync(0);
        using var form = new MultipartFormDataContent
        {
            { new StringContent("user_data"), "purpose" },
            { new StringContent(Big), "file", "a.txt" },
        };
        using var refused = await gateway.Client.PostAsync("/v1/files", form);

        Assert.Equal("too_many_bytes_in_flight", (await refused.ReadErrorAsync()).Code);
        release.SetResult();
        Assert.Equal(HttpStatusCode.OK, (await first).StatusCode);
    }

    [Fact]
    [Trait("Feature", "T38")]
    public async Task The_request_of_a_background_run_counts_while_it_is_executed()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream, mostOfCaller: 200_000);
        var release = Hold(upstream, 1);
        var run = await gateway.CreateAsync(BackgroundOf(Big));
        await upstream.RequestAsync(0);
        using var refused = await gateway.PostChatAsync(ChatOf(Big));
        Assert.Equal("too_many_bytes_in_flight", (await refused.ReadErrorAsync()).Code);

        release.SetResult();
        Assert.Equal("completed", await EndOfAsync(gateway, run.Id()));
        using var later = await gateway.PostChatAsync(ChatOf(Big));
        Assert.Equal(HttpStatusCode.OK, later.StatusCode);
    }

    [Fact]
    [Trait("Feature", "T38")]
    public async Task A_background_run_without_room_waits_until_other_requests_are_answered()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream, mostOfCaller: 200_000);
        var releaseFirst = Hold(upstream, 1);
        var first = await gateway.CreateAsync(BackgroundOf("hi", "ann"));
        await upstream.RequestAsync(0);
        var second = await gateway.CreateAsync(BackgroundOf(Big, "ann"));
        var isReleased = false;
        var wasReleased = new TaskCompletionSource<bool>();
        var releaseChat = Hold(upstream, 1);
        var chat = gateway.PostChatAsync(ChatOf(Big));
        await upstream.RequestAsync(1);
        upstream.Next(call =>
        {
            wasReleased.SetResult(Volatile.Read(ref isReleased));
            return call.StreamTextAsync("second");
        });
        releaseFirst.SetResult();
        Assert.Equal("completed", await EndOfAsync(gateway, first.Id()));
        Assert.Equal("queued", (await gateway.GetResponseAsync(second.Id())).Status());

        Volatile.Write(ref isReleased, true);
        releaseChat.SetResult();
        Assert.Equal(HttpStatusCode.OK, (await chat).StatusCode);
        Assert.Equal("completed", await EndOfAsync(gateway, second.Id()));
        Assert.True(await wasReleased.Task);
    }

    [Fact]
    [Trait("Feature", "T38")]
    public async Task A_caller_that_follows_its_background_run_does_not_keep_the_room_that_the_run_needs()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream, mostOfCaller: 100_000);
        using var answer = await gateway.PostResponseAsync(
            BackgroundOf(Big).Replace("\"background\"", "\"stream\":true,\"background\"", StringComparison.Ordinal), stream: true);
        Assert.Contains("response.completed", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static string BackgroundOf(string text, string? user = null) =>
        $$"""{"model":"mock/m","background":true,{{(user is null ? "" : $"\"user\":\"{user}\",")}}"input":"{{text}}"}""";

    /// <summary>Follows a background response to its end.</summary>
    private static async Task<string?> EndOfAsync(GatewayHost gateway, string id)
    {
        (await gateway.Client.GetAsync($"/v1/responses/{id}?stream=true", HttpCompletionOption.ResponseContentRead)).Dispose();
        return (await gateway.GetResponseAsync(id)).Status();
    }

    private static string ChatOf(string text) => $$"""{"model":"mock/m","messages":[{"role":"user","content":"{{text}}"}]}""";

    private static Task<HttpResponseMessage> PostAsync(GatewayHost gateway, string json, bool chunked)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions")
        {
            Content = new StringContent(json, Encoding.UTF8, "application/json"),
        };
        request.Headers.TransferEncodingChunked = chunked;
        request.Headers.ConnectionClose = chunked; // the refused body is not read to its end
        return gateway.Client.SendAsync(request);
    }

    /// <summary>The next calls of the model wait.</summary>
    private static TaskCompletionSource Hold(ScriptedUpstream upstream, int calls)
    {
        var release = new TaskCompletionSource();
        for (var i = 0; i < calls; i++)
        {
            upstream.Next(async call =>
            {
                await release.Task;
                await call.StreamTextAsync("done");
            });
        }

        return release;
    }

    /// <summary>A gateway that holds 100,000 bytes unless told otherwise.</summary>
    private Task<GatewayHost> StartAsync(ScriptedUpstream upstream, long most = 100_000, long? mostOfCaller = null) =>
        ResponsesGateway.StartAsync(upstream, azurite.StorageAccount, c => c.Gateway.Http.Bodies = new BodiesSection
        {
            MaxBytesInFlight = most,
            MaxBytesInFlightPerCaller = mostOfCaller,
        });
}
