using System.Net;
using System.Text.Json;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Gateways;
using Xunit;

namespace OpenClaw.Tests.Gateway.RestApi;

/// <summary>Runs of a session without a waiting caller.</summary>
public class SessionRunTests(AzuriteFixture azurite)
{
    [Fact]
    [Trait("Feature", "D29")]
    [Trait("Feature", "R6")]
    public async Task A_sent_message_is_accepted_before_the_model_answers_and_taken_once()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream);
        var mayAnswer = new TaskCompletionSource();
        upstream.Next(async call =>
        {
            await mayAnswer.Task;
            await call.StreamTextAsync("answered");
        });
        var first = await ActAsync(gateway, """{"action":"send","message":"hello","idempotencyKey":"k"}""");
        var again = await ActAsync(gateway, """{"action":"send","message":"hello","idempotencyKey":"k"}""");
        var other = await ActAsync(gateway, """{"action":"send","message":"other","idempotencyKey":"l"}""");
        await upstream.RequestAsync(1);
        mayAnswer.SetResult();

        Assert.Equal(HttpStatusCode.Accepted, first.Status);
        Assert.Equal(RunOf(first.Body), RunOf(again.Body));
        Assert.NotEqual(RunOf(first.Body), RunOf(other.Body));
        Assert.Equal("completed", (await EndAsync(gateway, RunOf(other.Body)!)).GetProperty("status").GetString());
        Assert.Equal("answered", (await EndAsync(gateway, RunOf(first.Body)!)).GetProperty("message").GetString());
        Assert.Equal(3, upstream.Requests.Count);
        Assert.Equal(["begin", "hello", "other"], upstream.Requests[2].Body.GetProperty("messages").EnumerateArray()
            .Where(m => m.GetProperty("role").GetString() == "user").Select(m => m.GetProperty("content").GetString()));
    }

    [Theory]
    [InlineData("abort")]
    [InlineData("kill")]
    [Trait("Feature", "D29")]
    public async Task The_run_that_holds_a_session_is_ended_from_another_instance(string way)
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var one = await StartAsync(upstream);
        await using var two = await ResponsesGateway.StartAsync(upstream, azurite.StorageAccount, c => c.Storage.Prefix = one.Prefix);
        upstream.Next(async call =>
        {
            await call.StartStreamAsync();
            await call.SendDeltaAsync("half");
            await call.ClientGone;
        });
        var asked = one.PostAsync("/api/chat", """{"message":"long","sessionId":"s","model":"mock/m"}""");
        await upstream.RequestAsync(1);
        using var ended = way == "abort"
            ? await two.PostAsync("/api/sessions/s", """{"action":"abort"}""")
            : await two.PostAsync("/sessions/agent%3Amain%3Aapi%3As/kill", "{}");
        var body = await ended.ReadJsonAsync();
        using var answer = await asked;

        Assert.Equal(HttpStatusCode.OK, ended.StatusCode);
        Assert.StartsWith("run_", (way == "abort" ? body.GetProperty("data") : body).GetProperty(
            "runId").GetString(), StringComparison.Ordinal);
        Assert.Equal("RUN_CANCELLED", (await answer.ReadJsonAsync()).GetProperty("error").GetProperty("code").GetString());
        using var next = await two.PostAsync("/api/chat", """{"message":"go on","sessionId":"s","model":"mock/m"}""");
        Assert.Equal(HttpStatusCode.OK, next.StatusCode);
    }

    [Fact]
    public async Task Aborting_an_idle_session_does_nothing_and_sending_nothing_is_400()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream);
        var idle = await ActAsync(gateway, """{"action":"abort"}""");
        var empty = await ActAsync(gateway, """{"action":"send","message":" "}""");

        Assert.Equal((HttpStatusCode.OK, (string?)null), (idle.Status, RunOf(idle.Body)));
        Assert.Equal(HttpStatusCode.BadRequest, empty.Status);
    }

    /// <summary>A gateway with a session <c>s</c> of one turn.</summary>
    private async Task<GatewayHost> StartAsync(ScriptedUpstream upstream)
    {
        var gateway = await ResponsesGateway.StartAsync(
            upstream, azurite.StorageAccount, c => c.Agents.Defaults.Model = new() { Primary = "mock/m" });
        using var answer = await gateway.PostAsync("/api/chat", """{"message":"begin","sessionId":"s"}""");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return gateway;
    }

    private static async Task<(HttpStatusCode Status, JsonElement Body)> ActAsync(GatewayHost gateway, string json)
    {
        using var answer = await gateway.PostAsync("/api/sessions/s", json);
        return (answer.StatusCode, await answer.ReadJsonAsync());
    }

    private static string? RunOf(JsonElement body) =>
        body.GetProperty("data").TryGetProperty("runId", out var id) ? id.GetString() : null;

    /// <summary>The run once it has ended: its own stream says when.</summary>
    private static async Task<JsonElement> EndAsync(GatewayHost gateway, string runId)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/runs/{runId}/events");
        request.Headers.Accept.ParseAdd("text/event-stream");
        using var events = await gateway.Client.SendAsync(request);
        await events.Content.ReadAsStringAsync();
        return (await (await gateway.Client.GetAsync($"/api/runs/{runId}")).ReadJsonAsync()).GetProperty("data");
    }
}
