using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using OpenClaw.Configuration;
using OpenClaw.Sessions;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Gateways;
using Xunit;

namespace OpenClaw.Tests.Core.Sessions;

[Trait("Feature", "R8")]
public class IdempotencyTests(AzuriteFixture azurite)
{
    private const string Chat = """{"model":"mock/m","messages":[{"role":"user","content":"Hello"}]}""";
    private const string Response = """{"model":"mock/m","input":"Hello"}""";

    [Theory]
    [InlineData("/v1/chat/completions", Chat, "Idempotency-Key")]
    [InlineData("/v1/chat/completions", Chat, "X-OpenClaw-Idempotency-Key")]
    [InlineData("/v1/responses", Response, "Idempotency-Key")]
    [InlineData("/v1/responses", """{"model":"mock/m","input":"Hello","store":false}""", "Idempotency-Key")]
    [InlineData("/v1/responses", """{"model":"mock/m","input":"Hello","user":"alice"}""", "Idempotency-Key")]
    public async Task Fifty_equal_requests_at_once_are_one_call_and_fifty_equal_answers(string path, string body, string header)
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var one = await ResponsesGateway.StartAsync(upstream, azurite.StorageAccount);
        await using var two = await ResponsesGateway.StartAsync(upstream, azurite.StorageAccount, c => c.Storage.Prefix = one.Prefix);
        var mayAnswer = new TaskCompletionSource();
        upstream.Always(async call =>
        {
            await mayAnswer.Task;
            await call.StreamTextAsync("once");
        });

        var key = Guid.NewGuid().ToString();
        var asked = Enumerable.Range(0, 50).Select(i => PostAsync(i % 2 == 0 ? one : two, path, body, header, key)).ToList();
        await upstream.RequestAsync(0);
        mayAnswer.SetResult();
        var answers = await Task.WhenAll(asked);
        var late = await PostAsync(two, path, body, header, key);

        Assert.All(answers, a => Assert.Equal(HttpStatusCode.OK, a.Status));
        Assert.Single(answers.Append(late).Select(a => a.Body).Distinct());
        Assert.Single(upstream.Requests);
    }

    [Fact]
    public async Task A_stream_is_replayed_as_a_stream()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await ResponsesGateway.StartAsync(upstream, azurite.StorageAccount);
        var body = Chat.Replace("\"model\"", "\"stream\":true,\"model\"");
        var first = await PostAsync(gateway, "/v1/chat/completions", body, "Idempotency-Key", "k");
        var again = await PostAsync(gateway, "/v1/chat/completions", body, "Idempotency-Key", "k");

        Assert.Equal(Text(first.Body), Text(again.Body));
        Assert.EndsWith("data: [DONE]\n\n", again.Body, StringComparison.Ordinal);
        Assert.Single(upstream.Requests);
    }

    [Fact]
    public async Task Another_body_under_the_same_key_is_422_and_another_caller_or_route_is_not()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await ResponsesGateway.StartAsync(upstream, azurite.StorageAccount);
        await PostAsync(gateway, "/v1/chat/completions", Chat, "Idempotency-Key", "k");
        var other = await PostAsync(gateway, "/v1/chat/completions", Chat.Replace("Hello", "Bye"), "Idempotency-Key", "k");
        var route = await PostAsync(gateway, "/v1/responses", Response, "Idempotency-Key", "k");

        Assert.Equal(HttpStatusCode.UnprocessableEntity, other.Status);
        Assert.Contains("idempotency_mismatch", other.Body, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, route.Status);
    }

    [Fact]
    public async Task Waiting_repetitions_get_the_failure_and_later_ones_run_again()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await ResponsesGateway.StartAsync(upstream, azurite.StorageAccount);
        var mayAnswer = new TaskCompletionSource();
        upstream.Next(async call =>
        {
            await mayAnswer.Task;
            await call.RespondAsync(400, """{"error":{"message":"no"}}""");
        });

        var asked = Enumerable.Range(0, 5).Select(_ => PostAsync(gateway, "/v1/chat/completions", Chat, "Idempotency-Key", "k")).ToList();
        await upstream.RequestAsync(0);
        mayAnswer.SetResult();
        var answers = await Task.WhenAll(asked);
        Assert.All(answers, a => Assert.Equal(HttpStatusCode.BadRequest, a.Status));
        Assert.Single(upstream.Requests);

        var later = await PostAsync(gateway, "/v1/chat/completions", Chat, "Idempotency-Key", "k");
        Assert.Equal(HttpStatusCode.OK, later.Status);
    }

    [Theory]
    [InlineData("")]
    [InlineData(257)]
    public async Task A_key_has_1_to_256_characters(object key)
    {
        await using var gateway = await GatewayHost.StartAsync(azurite.StorageAccount);
        var (status, body) = await PostAsync(
            gateway, "/v1/chat/completions", Chat, "Idempotency-Key", key is int length ? new string('k', length) : "");
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains("Idempotency-Key", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_is_kept_for_24_hours_also_over_a_restart()
    {
        var clock = new FakeTimeProvider();
        await using var upstream = await ScriptedUpstream.StartAsync();
        string prefix;
        await using (var before = await StartAsync(null))
        {
            prefix = before.Prefix;
            await PostAsync(before, "/v1/chat/completions", Chat, "Idempotency-Key", "k");
        }

        await using var after = await StartAsync(prefix);
        clock.Advance(TimeSpan.FromHours(24) - TimeSpan.FromSeconds(1));
        await PostAsync(after, "/v1/chat/completions", Chat, "Idempotency-Key", "k");
        Assert.Single(upstream.Requests);
        clock.Advance(TimeSpan.FromSeconds(2));
        await PostAsync(after, "/v1/chat/completions", Chat, "Idempotency-Key", "k");
        Assert.Equal(2, upstream.Requests.Count);
        await after.Services.GetRequiredService<IdempotencyStore>().SweepAsync(
            after.Services.GetRequiredService<SessionSweeper>(), TestContext.Current.CancellationToken);
        await PostAsync(after, "/v1/chat/completions", Chat, "Idempotency-Key", "k");
        Assert.Equal(2, upstream.Requests.Count); // the sweep took nothing that is in use

        Task<GatewayHost> StartAsync(string? known) => GatewayHost.StartAsync(
            azurite.StorageAccount,
            c =>
            {
                c.Models.Providers = new Dictionary<string, ProviderSection> { ["mock"] = upstream.ProviderConfig() };
                c.Storage.Prefix = known ?? c.Storage.Prefix;
            },
            services => services.AddSingleton<TimeProvider>(clock));
    }

    [Fact]
    public async Task A_background_request_is_accepted_once()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await ResponsesGateway.StartAsync(upstream, azurite.StorageAccount);
        var body = Response.Replace("\"input\"", "\"background\":true,\"input\"");
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 10).Select(_ => PostAsync(gateway, "/v1/responses", body, "Idempotency-Key", "k")));
        var ids = answers.Select(a => JsonElement.Parse(a.Body).Id()).Distinct().ToList();
        await gateway.Client.GetStringAsync($"/v1/responses/{Assert.Single(ids)}?stream=true");

        Assert.Single(upstream.Requests);
    }

    /// <summary>What the model said, put together.</summary>
    private static string Text(string stream) => string.Concat(
        stream.Split('\n').Where(l => l.StartsWith("data: {", StringComparison.Ordinal)).Select(l => JsonElement.Parse(l[6..]))
            .SelectMany(e => e.GetProperty("choices").EnumerateArray())
            .Select(c => c.GetProperty("delta").TryGetProperty("content", out var text) ? text.GetString() : ""));

    private static async Task<(HttpStatusCode Status, string Body)> PostAsync(
        GatewayHost gateway, string path, string body, string header, string key)
    {
        using var answer = await gateway.PostAsync(path, body, r => r.Headers.TryAddWithoutValidation(header, key));
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }
}
