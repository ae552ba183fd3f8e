using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using OpenClaw.Sessions;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Gateways;
using Xunit;

namespace OpenClaw.Tests.Faults;

/// <summary>The real process is killed at a chosen point; another instance goes on.</summary>
[Trait("Feature", "R4")]
public class CrashTests(AzuriteFixture azurite)
{
    private const string SessionKey = "crash";

    /// <summary>Points a background run passes, in order.</summary>
    public static TheoryData<string> Points { get; } =
        ["before-accept", "after-accept", "after-intent", "after-model-bytes", "after-blob", "before-commit", "after-commit"];

    [Theory]
    [MemberData(nameof(Points))]
    public async Task A_kill_at_any_point_loses_and_doubles_nothing(string point)
    {
        const int rounds = 2;
        var prefix = AzuriteFixture.UniqueName()[..12];
        await using var upstream = await ScriptedUpstream.StartAsync();
        upstream.Always(call => call.StreamTextAsync("echo ", call.LastUserText()));
        var texts = new List<(string Text, string? Id)>();
        for (var round = 0; round < rounds; round++)
        {
            var doomed = await StartAsync(prefix, upstream, point);
            var text = string.Create(CultureInfo.InvariantCulture, $"{point} {round}");
            var id = await AcceptAsync(doomed, text);
            await doomed.WaitForExitAsync();
            await doomed.DisposeAsync();
            texts.Add((text, id));
        }

        // Started last: it would take the runs from the instances that are to die in them.
        await using var survivor = await StartAsync(prefix, upstream, null);
        var accepted = new List<(string Text, string Id)>();
        foreach (var (text, id) in texts.Where(t => t.Id is not null || point != "before-accept"))
        {
            // Accepted and the answer lost: a caller that asks again under the same key gets it.
            accepted.Add((text, id ?? await AcceptAsync(survivor, text)
                ?? throw new InvalidOperationException($"{text} was not accepted.")));
        }

        var table = azurite.StorageAccount.Table(prefix + SessionStore.TableName);
        foreach (var (text, id) in accepted)
        {
            var stream = await survivor.Client.GetStringAsync($"/v1/responses/{id}?stream=true", TestContext.Current.CancellationToken);
            var events = ResponsesGateway.Events(stream);
            Assert.Equal(Enumerable.Range(0, events.Count), events.Select(e => e.GetProperty("sequence_number").GetInt32()));
            var end = events[^1].GetProperty("response");
            Assert.Equal(("completed", "echo " + text), (end.Status(), end.Text()));
        }

        var history = await History.ReadAsync(table, History.PartitionOf(SessionKey));
        history.HoldsExactly(accepted.Select(a => a.Text));
        Assert.Equal(accepted.Count, history.Answers.Count);
        TestContext.Current.SendDiagnosticMessage(
            $"{point}: inputs {rounds}, accepted {accepted.Count}, kills {rounds}, model calls {upstream.Requests.Count}, lost 0, doubled 0");
    }

    [Theory]
    [InlineData("after-intent")]
    [InlineData("after-model-bytes")]
    [InlineData("after-blob")]
    [InlineData("before-commit")]
    [InlineData("after-commit")]
    public async Task A_caller_whose_process_dies_gets_its_one_answer_elsewhere_under_the_same_key(string point)
    {
        var prefix = AzuriteFixture.UniqueName()[..12];
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var survivor = await StartAsync(prefix, upstream, null);
        await using var doomed = await StartAsync(prefix, upstream, point);
        await Assert.ThrowsAsync<HttpRequestException>(() => doomed.Client.AskAsync(Way.Idempotent, SessionKey, point));
        var heard = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => survivor.Client.AskAsync(Way.Idempotent, SessionKey, point)));
        Assert.Equal(Enumerable.Repeat(new Heard(HttpStatusCode.OK, point), 3), heard);

        var history = await History.ReadAsync(
            azurite.StorageAccount.Table(prefix + SessionStore.TableName), History.PartitionOf(SessionKey));
        history.HoldsExactly([point]);
        Assert.Equal([point], history.Answers);
        Assert.Equal(point is "after-intent" or "after-commit" ? 1 : 2, upstream.Requests.Count);
    }

    /// <returns>The id of the accepted response; null when the process died before it could say so.</returns>
    private static async Task<string?> AcceptAsync(GatewayProcess gateway, string text)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/responses")
        {
            Content = new StringContent(
                $$"""{"model":"mock/m","input":"{{text}}","background":true}""", Encoding.UTF8, new MediaTypeHeaderValue(
                "application/json")),
        };
        request.Headers.Add("x-openclaw-session-key", SessionKey);
        request.Headers.Add("Idempotency-Key", text);
        try
        {
            using var answer = await gateway.Client.SendAsync(request);
            return JsonElement.Parse(await answer.Content.ReadAsStringAsync()).Id();
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    private Task<GatewayProcess> StartAsync(string prefix, ScriptedUpstream upstream, string? point) =>
        GatewayProcess.StartAsync(azurite.ConnectionString, new Dictionary<string, string>
        {
            ["OPENCLAW__storage__prefix"] = prefix,
            ["OPENCLAW__storage__leaseSeconds"] = "2",
            ["OPENCLAW__gateway__http__endpoints__responses__enabled"] = "true",
            ["OPENCLAW__models__providers__mock"] = $$"""{ baseUrl: "{{upstream.BaseUrl}}", models: [{ id: "m" }] }""",
            ["OPENCLAW_CRASH_AT"] = point ?? "",
        });
}
