using System.Net;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Gateways;
using Xunit;

namespace OpenClaw.Tests.Gateway.ChatCompletions;

/// <summary>Which failures of a provider another model takes over, and which ones compaction answers.</summary>
[Trait("Feature", "R14")]
public class ProviderFallbackTests(AzuriteFixture azurite)
{
    private const string TooLong =
        """{"error":{"code":400,"message":"request (66202 tokens) exceeds the available context size (65536 tokens), try increasing it","type":"exceed_context_size_error"}}""";

    [Theory]
    [InlineData(429, """{"error":{"message":"suspended","type":"exceeded_current_quota_error"}}""", 1)]
    [InlineData(429, """{"error":{"code":"1113","message":"余额不足或无可用资源包,请充值。"}}""", 1)]
    [InlineData(402, """{"error":{"message":"Insufficient Balance","type":"unknown_error","code":"invalid_request_error"}}""", 1)]
    [InlineData(429, """{"error":{"message":"Rate limit exceeded","type":"rate_limited","code":"1300"}}""", 3)]
    [InlineData(529, """{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}""", 3)]
    [InlineData(401, """{"error":{"message":"Invalid API Key","code":"invalid_api_key"}}""", 1)]
    [InlineData(403, """{"error":{"message":"no","type":"permission_denied_error"}}""", 1)]
    [InlineData(404, """{"error":{"message":"The model `first` does not exist."}}""", 1)]
    [InlineData(400, """{"error":{"message":"The model `first` has been decommissioned","code":"model_decommissioned"}}""", 1)]
    [InlineData(504, "<html>timeout</html>", 1)]
    [InlineData(500, "{}", 3)]
    [InlineData(400, TooLong, 1)]
    [InlineData(413, "<html>too large</html>", 1)]
    [InlineData(200, """{"error":{"message":"Provider returned error","code":429}}""", 1)]
    [InlineData(200, """{"error":{"message":"No endpoints found for first.","code":404}}""", 1)]
    public async Task Another_model_answers_when_it_may_do_better(int status, string body, int tries)
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream);
        upstream.Always(call => call.Model == "first" ? call.RespondAsync(status, body) : UpstreamDefaults.AnswerAsync(call));

        using var answer = await gateway.PostChatAsync(ApiKeyGateway.Chat);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal([.. Enumerable.Repeat("first", tries), "second"], upstream.Requests.Select(
            r => r.Body.GetProperty("model").GetString()));
    }

    [Theory]
    [InlineData(400, """{"error":{"message":"Content Exists Risk","type":"invalid_request_error"}}""", "content_filter")]
    [InlineData(400, """{"error":{"message":"bad","param":"tools"}}""", "upstream_rejected")]
    [InlineData(200, """{"error":{"message":"refused","type":"content_filter"}}""", "content_filter")]
    public async Task No_other_model_is_asked_about_a_request_that_is_itself_refused(int status, string body, string code)
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream);
        upstream.Always(call => call.RespondAsync(status, body));

        Assert.Equal((HttpStatusCode.BadRequest, code), await gateway.ChatAsync(GatewayHost.Token));
        Assert.Single(upstream.Requests);
    }

    [Fact]
    public async Task A_prompt_that_no_model_takes_keeps_the_first_ones_reason()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream);
        upstream.Always(call => call.Model == "first" ? call.RespondAsync(400, TooLong) : call.RespondAsync(401, "{}"));

        Assert.Equal((HttpStatusCode.BadRequest, "context_length_exceeded"), await gateway.ChatAsync(GatewayHost.Token));
        Assert.Equal(2, upstream.Requests.Count);
    }

    [Theory]
    [InlineData(400, TooLong)]
    [InlineData(400, """{"error":{"message":"Invalid request: Your request exceeded model token limit: 262144 (requested: 269030)","type":"invalid_request_error"}}""")]
    [InlineData(413, """{"error":{"message":"Request too large for model `x` on tokens per minute (TPM): Limit 6000, Requested 6294","type":"tokens","code":"rate_limit_exceeded"}}""")]
    [InlineData(200, """{"error":{"message":"The number of tokens to keep from the initial prompt is greater than the context length."}}""")]
    public async Task A_session_that_is_too_long_is_summarised_and_asked_again_before_another_model(int status, string body)
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream);
        (string, string) session = ("x-openclaw-session-key", "s1");
        Assert.Equal(HttpStatusCode.OK, (await gateway.ChatAsync(GatewayHost.Token, session)).Status);
        upstream.NextStatus(status, body);

        Assert.Equal(HttpStatusCode.OK, (await gateway.ChatAsync(GatewayHost.Token, session)).Status);
        Assert.Equal(["first", "first", "first", "first"], upstream.Requests.Select(r => r.Body.GetProperty("model").GetString()));
        var again = upstream.Requests[^1].Body.GetProperty("messages");
        Assert.Contains("Summary of the conversation", again[0].GetProperty("content").GetString(), StringComparison.Ordinal);
    }

    private Task<GatewayHost> StartAsync(ScriptedUpstream upstream) => ResponsesGateway.StartAsync(
        upstream, azurite.StorageAccount,
        c => c.Agents.Defaults.Model = new() { Primary = "mock/first", Fallbacks = ["mock/second"] });
}
