using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using OpenClaw.Configuration;
using OpenClaw.Tests.Support;
using Xunit;

namespace OpenClaw.Tests.Core.Sessions;

/// <summary>A session whose run does not end while others wait.</summary>
[Trait("Feature", "R3")]
public class BusySessionTests(AzuriteFixture azurite)
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(200);

    [Theory]
    [InlineData("/v1/chat/completions", """{"model":"mock/m","messages":[{"role":"user","content":"refused"}]}""", "data: [DONE]")]
    [InlineData("/v1/responses", """{"model":"mock/m","input":"refused"}""", "data: [DONE]")]
    [InlineData("/api/chat", """{"model":"mock/m","sessionId":"agent:main:busy","message":"refused"}""", "data: {\"type\":\"error\"")]
    public async Task A_waiting_stream_gets_comments_and_after_30_seconds_a_409_that_stores_nothing(string path, string body, string last)
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await GatewayHost.StartAsync(
            azurite.StorageAccount,
            c => c.Models.Providers = new Dictionary<string, ProviderSection> { ["mock"] = upstream.ProviderConfig() },
            s => s.AddSingleton<TimeProvider>(clock));
        var mayEnd = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        upstream.Next(async call =>
        {
            await mayEnd.Task;
            await call.StreamTextAsync("first done");
        });
        var first = PostAsync("/v1/chat/completions", Chat("first"), stream: false);
        await upstream.RequestAsync(0);

        var json = PostAsync(path, body, stream: false);
        var streaming = PostAsync(path, body.Replace("{\"model\"", "{\"stream\":true,\"model\"", StringComparison.Ordinal), stream: true);
        using var refused = await gateway.WhileTimeGoesOnAsync(json, clock, Step);
        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        Assert.NotNull(refused.Headers.RetryAfter);
        var code = (await refused.ReadJsonAsync()).GetProperty("error").GetProperty("code").GetString();
        Assert.Equal("session_busy", code, ignoreCase: true);

        using var answer = await gateway.WhileTimeGoesOnAsync(streaming, clock, Step);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
        var lines = new List<string>();
        while (await gateway.WhileTimeGoesOnAsync(
            reader.ReadLineAsync(TestContext.Current.CancellationToken).AsTask(), clock, Step) is { } line)
        {
            lines.Add(line);
        }

        Assert.Contains(": keep-alive", lines);
        Assert.Contains(lines, l => l.Contains("session_busy", StringComparison.OrdinalIgnoreCase));
        Assert.StartsWith(last, lines.Last(l => l.StartsWith("data: ", StringComparison.Ordinal)), StringComparison.Ordinal);

        mayEnd.SetResult();
        using var done = await first;
        using var after = await PostAsync("/v1/chat/completions", Chat("after"), stream: false);
        Assert.Equal(HttpStatusCode.OK, after.StatusCode);
        Assert.Equal(2, upstream.Requests.Count);
        Assert.DoesNotContain("refused", upstream.Requests[1].Body.GetRawText(), StringComparison.Ordinal);
        Assert.Equal(3, upstream.Requests[1].Body.GetProperty("messages").GetArrayLength());

        Task<HttpResponseMessage> PostAsync(string to, string text, bool stream) =>
            gateway.PostAsync(to, text, r => r.Headers.Add("x-openclaw-session-key", "agent:main:busy"), stream);
    }

    private static string Chat(string text) => $$"""{"model":"mock/m","messages":[{"role":"user","content":"{{text}}"}]}""";
}
