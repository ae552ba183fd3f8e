using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using OpenClaw.Tests.Support;
using Xunit;

namespace OpenClaw.Tests.EndToEnd;

/// <summary>The first moments of a process.</summary>
[Trait("Feature", "R21")]
public class ColdStartTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task A_hundred_requests_right_after_the_start_of_the_self_host_are_answered()
    {
        await using var gateway = await GatewayProcess.StartAsync(
            azurite.ConnectionString, new Dictionary<string, string> { ["OPENCLAW__storage__prefix"] = AzuriteFixture.UniqueName()[..12] });
        await AllAnsweredAsync(gateway.Client);
    }

    [Fact]
    public async Task A_hundred_requests_right_after_the_start_of_the_worker_are_answered()
    {
        await using var host = await StartWorkerAsync(azurite.ConnectionString);
        await AllAnsweredAsync(host.Client);
    }

    [Fact]
    public async Task A_worker_whose_storage_is_down_at_its_start_answers_and_is_well_again_once_storage_is()
    {
        await using var relay = new StorageRelay(azurite.ConnectionString);
        await using var host = await StartWorkerAsync(relay.ConnectionString);
        Assert.Equal(HttpStatusCode.OK, await GetAsync("/health"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await GetAsync("/readyz"));
        Assert.Equal(HttpStatusCode.OK, await AskAsync(host.Client, session: null)); // needs no storage
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await AskAsync(host.Client, "s"));

        relay.Open();

        Assert.Equal(HttpStatusCode.OK, await AskAsync(host.Client, "s"));
        var patience = Stopwatch.StartNew();
        while (await GetAsync("/readyz") != HttpStatusCode.OK)
        {
            Assert.True(patience.Elapsed < TimeSpan.FromMinutes(1));
        }

        async Task<HttpStatusCode> GetAsync(string path)
        {
            using var answer = await host.Client.GetAsync(path, TestContext.Current.CancellationToken);
            return answer.StatusCode;
        }
    }

    private static async Task AllAnsweredAsync(HttpClient client)
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => AskAsync(client, i % 2 == 0 ? null : $"s{i}")));
        Assert.All(answers, status => Assert.Equal(HttpStatusCode.OK, status));
    }

    private static async Task<HttpStatusCode> AskAsync(HttpClient client, string? session)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions")
        {
            Content = new StringContent(
                """{"model":"openclaw","messages":[{"role":"user","content":"Hi"}]}""", Encoding.UTF8, "application/json"),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", GatewayHost.Token);
        if (session is not null)
        {
            request.Headers.Add("x-openclaw-session-key", session);
        }

        using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }

    private static Task<FunctionsHost> StartWorkerAsync(string connectionString) => FunctionsHost.StartAsync(new Dictionary<string, string>
    {
        ["DataStorage"] = connectionString,
        ["OPENCLAW_GATEWAY_TOKEN"] = GatewayHost.Token,
        ["OPENCLAW__storage__prefix"] = AzuriteFixture.UniqueName()[..12],
        ["OPENCLAW__gateway__http__endpoints__chatCompletions__enabled"] = "true",
    });
}
