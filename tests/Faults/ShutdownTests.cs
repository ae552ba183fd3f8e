using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;
using OpenClaw.Functions.Hosts.SelfHost;
using OpenClaw.Sessions;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Gateways;
using Xunit;

namespace OpenClaw.Tests.Faults;

/// <summary>The real process is stopped while it is busy; another instance continues.</summary>
[Trait("Feature", "R20")]
public class ShutdownTests(AzuriteFixture azurite)
{
    private const int Each = 50;

    [Fact]
    public async Task Streams_end_with_a_word_and_background_runs_are_completed_once_elsewhere()
    {
        var prefix = AzuriteFixture.UniqueName()[..12];
        await using var upstream = await ScriptedUpstream.StartAsync();
        var mayEnd = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var busy = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var calls = new ConcurrentDictionary<string, int>();
        upstream.Always(async call =>
        {
            var text = call.LastUserText();
            var again = calls.AddOrUpdate(text, 1, static (_, n) => n + 1) > 1;
            await call.StartStreamAsync();
            await call.SendDeltaAsync("said ");
            if (calls.Values.Sum() == 2 * Each)
            {
                busy.TrySetResult();
            }

            await (again ? Task.CompletedTask : text.StartsWith("ends", StringComparison.Ordinal) ? mayEnd.Task : call.ClientGone);
            await call.SendDeltaAsync("all");
            await call.FinishAsync();
        });

        await using var survivor = await StartAsync(prefix, upstream);
        await using var doomed = await StartAsync(prefix, upstream);
        var streams = Enumerable.Range(0, Each).Select(i => StreamAsync(doomed, Name(i % 2 == 0 ? "ends" : "hangs", i))).ToList();
        var accepted = await Task.WhenAll(Enumerable.Range(0, Each).Select(i => AcceptAsync(doomed, Name("background", i))));
        await busy.Task.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);

        doomed.Signal(CommandProcess.Terminate);
        await UnreadyAsync(doomed);
        mayEnd.SetResult();
        var ended = await Task.WhenAll(streams);
        Assert.Equal(ExitCode.Ok, await doomed.WaitForExitAsync());

        Assert.All(ended, text => Assert.EndsWith("data: [DONE]\n\n", text, StringComparison.Ordinal));
        Assert.Equal(Each / 2, ended.Count(text => text.Contains("\"finish_reason\":\"stop\"", StringComparison.Ordinal)));
        Assert.Equal(Each / 2, ended.Count(text => text.Contains("\"server_stopping\"", StringComparison.Ordinal)));
        var finals = await Task.WhenAll(
            accepted.Select(id =>
            survivor.Client.GetStringAsync($"/v1/responses/{id}?stream=true", TestContext.Current.CancellationToken)));
        Assert.All(finals, stream => Assert.Equal("completed", ResponsesGateway.Events(stream)[^1].GetProperty("response").Status()));
        var table = azurite.StorageAccount.Table(prefix + SessionStore.TableName);
        for (var i = 0; i < Each; i++)
        {
            (await History.ReadAsync(table, History.PartitionOf(Name("background", i)))).HoldsExactly([Name("background", i)]);
            Assert.Equal(2, calls[Name("background", i)]);
        }

        foreach (var i in (int[])[0, 1]) // no run with a caller is lost or held either
        {
            var name = Name(i == 0 ? "ends" : "hangs", i);
            await AskAgainAsync(survivor, name);
            Assert.Equal([i == 0 ? "said all" : "said ", "said all"], (await History.ReadAsync(table, History.PartitionOf(name))).Answers);
        }
    }

    private static string Name(string kind, int number) => string.Create(CultureInfo.InvariantCulture, $"{kind}-{number}");

    /// <summary>Readiness fails while the port still answers.</summary>
    private static async Task UnreadyAsync(GatewayProcess gateway)
    {
        while (true)
        {
            using var ready = await gateway.Client.GetAsync("/readyz", TestContext.Current.CancellationToken);
            if (ready.StatusCode != HttpStatusCode.OK)
            {
                Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
                Assert.Contains("\"stopping\"", await ready.Content.ReadAsStringAsync(
                    TestContext.Current.CancellationToken), StringComparison.Ordinal);
                return;
            }
        }
    }

    private static async Task<string> StreamAsync(GatewayProcess gateway, string text)
    {
        using var answer = await PostAsync(
            gateway, "/v1/chat/completions", text,
            $$"""{"model":"up/m","stream":true,"messages":[{"role":"user","content":"{{text}}"}]}""");
        return await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    private static async Task AskAgainAsync(GatewayProcess gateway, string session)
    {
        using var answer = await PostAsync(
            gateway, "/v1/chat/completions", session, """{"model":"up/m","messages":[{"role":"user","content":"background-0"}]}""");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    private static async Task<string> AcceptAsync(GatewayProcess gateway, string text)
    {
        using var answer = await PostAsync(gateway, "/v1/responses", text, $$"""{"model":"up/m","input":"{{text}}","background":true}""");
        return (await answer.ReadJsonAsync()).Id();
    }

    private static async Task<HttpResponseMessage> PostAsync(GatewayProcess gateway, string path, string session, string json)
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Post, path)
        { Content = new StringContent(json, Encoding.UTF8, "application/json") };
        request.Headers.Add("x-openclaw-session-key", session);
        return await gateway.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
    }

    private Task<GatewayProcess> StartAsync(string prefix, ScriptedUpstream upstream) =>
        GatewayProcess.StartAsync(azurite.ConnectionString, new Dictionary<string, string>
        {
            ["OPENCLAW__storage__prefix"] = prefix,
            ["OPENCLAW__storage__leaseSeconds"] = "2",
            ["OPENCLAW__gateway__http__endpoints__responses__enabled"] = "true",
            ["OPENCLAW__models__providers__up"] = $$"""{ baseUrl: "{{upstream.BaseUrl}}", models: [{ id: "m" }] }""",
        });
}
