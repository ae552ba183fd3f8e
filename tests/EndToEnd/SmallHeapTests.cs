using System.Net;
using System.Text;
using OpenClaw.Tests.Support;
using Xunit;

namespace OpenClaw.Tests.EndToEnd;

/// <summary>The program with little memory, as a small container gives it.</summary>
public sealed class SmallHeapTests(AzuriteFixture azurite)
{
    [Fact]
    [Trait("Feature", "T38")]
    public async Task Many_large_bodies_at_once_are_answered_or_refused_and_never_end_in_500()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        var release = new TaskCompletionSource();
        upstream.Always(async call =>
        {
            await release.Task;
            await call.StreamTextAsync("done");
        });
        await using var gateway = await GatewayProcess.StartAsync(azurite.ConnectionString, new()
        {
            ["DOTNET_GCHeapHardLimit"] = "0x20000000", // 512 MiB
            ["OPENCLAW__models__providers__mock__api"] = "openai-completions",
            ["OPENCLAW__models__providers__mock__baseUrl"] = upstream.BaseUrl,
            ["OPENCLAW__models__providers__mock__apiKey"] = "test-key",
        });
        var body = $$"""{"model":"mock/m","messages":[{"role":"user","content":"{{new string('x', 18_000_000)}}"}]}""";
        var asked = Enumerable.Range(0, 20).Select(_ => AskAsync(gateway, body)).ToList();
        var refused = 0;
        foreach (var answer in asked.ToList())
        {
            _ = answer.ContinueWith(
                done =>
                {
                    if (done.Result != HttpStatusCode.OK && Interlocked.Increment(ref refused) == 10)
                    {
                        release.TrySetResult();
                    }
                },
                CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
        }

        var statuses = await Task.WhenAll(asked).WaitAsync(FunctionsHost.Patience * 2);
        Assert.All(statuses, s => Assert.True(s is HttpStatusCode.OK or HttpStatusCode.ServiceUnavailable, $"{s}"));
        Assert.Contains(HttpStatusCode.OK, statuses);
        Assert.Contains(HttpStatusCode.ServiceUnavailable, statuses);
        Assert.DoesNotContain("OutOfMemory", gateway.Output, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, await AskAsync(gateway, """{"model":"mock/m","messages":[{"role":"user","content":"hi"}]}"""));
    }

    private static async Task<HttpStatusCode> AskAsync(GatewayProcess gateway, string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions")
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        request.Headers.ExpectContinue = true; // a refusal comes before the body is sent
        using var answer = await gateway.Client.SendAsync(request);
        return answer.StatusCode;
    }
}
