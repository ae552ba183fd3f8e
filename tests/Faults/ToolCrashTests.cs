using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Gateways;
using OpenClaw.Tests.Support.Tools;
using Xunit;

namespace OpenClaw.Tests.Faults;

/// <summary>The process is killed in the middle of a run with tools; another one goes on.</summary>
[Trait("Feature", "R4")]
public sealed class ToolCrashTests(AzuriteFixture azurite)
{
    private const string Unknown = "outcome is unknown";

    [Theory]
    [InlineData("before-tool-intent", false)]
    [InlineData("after-tool-intent", true)]
    [InlineData("after-tool-call", true)]
    [InlineData("after-tool-result", false)]
    [InlineData("after-tool-result:2", false)]
    [InlineData("before-tool-intent:2", false)]
    [InlineData("after-tool-intent:2", true)]
    [InlineData("after-tool-call:3", true)]
    public async Task A_kill_in_a_run_with_tools_repeats_and_loses_no_call(string point, bool mayBeUnknown)
    {
        var prefix = AzuriteFixture.UniqueName()[..12];
        await using var upstream = await ScriptedUpstream.StartAsync();
        upstream.Always(AnswerAsync);
        string id;
        await using (var doomed = await StartAsync(prefix, upstream, point))
        {
            id = await AcceptAsync(doomed);
            await doomed.WaitForExitAsync();
        }

        await using var survivor = await StartAsync(prefix, upstream, "");
        var stream = await survivor.Client.GetStringAsync($"/v1/responses/{id}?stream=true", TestContext.Current.CancellationToken);
        var events = ResponsesGateway.Events(stream);
        Assert.Equal(Enumerable.Range(0, events.Count), events.Select(e => e.GetProperty("sequence_number").GetInt32()));
        var end = events[^1].GetProperty("response");
        Assert.Equal(("completed", "First.Second.Third."), (end.Status(), end.Text()));

        var made = upstream.Requests.Where(r => r.Path.StartsWith("/tool/", StringComparison.Ordinal)).Select(r => r.Path).ToList();
        var results = upstream.Requests.Last(r => !r.Path.StartsWith("/tool/", StringComparison.Ordinal)).Results();
        Assert.Equal(4, results.Count);
        var unknown = results.Count(text => text.Contains(Unknown, StringComparison.Ordinal));
        Assert.True(mayBeUnknown || unknown == 0, string.Join('\n', results));
        var writes = made.Where(path => path.StartsWith("/tool/write", StringComparison.Ordinal)).ToList();
        Assert.Equal(writes.Distinct(), writes); // repeated
        Assert.True(writes.Count + unknown >= 2, $"{writes.Count} writes, {unknown} unknown"); // lost
        Assert.Equal(["read 1: 200", "read 2: 200"], results.Where(text => text.StartsWith("read", StringComparison.Ordinal)));
        TestContext.Current.SendDiagnosticMessage(
            $"{point}: calls {made.Count}, kills 1, told as unknown {unknown}, repeated 0, lost 0");
    }

    /// <summary>Two steps with a call of each tool, then the end.</summary>
    private static Task AnswerAsync(UpstreamCall call)
    {
        if (call.Request.Path.StartsWith("/tool/", StringComparison.Ordinal))
        {
            return call.RespondAsync(200, "{}");
        }

        var step = (call.Request.Results().Count / 2) + 1;
        var arguments = string.Create(CultureInfo.InvariantCulture, $$"""{"n":{{step}}}""");
        return step == 3 ? call.CallAsync("Third.")
            : call.CallAsync(step == 1 ? "First." : "Second.", ("write", arguments), ("read", arguments));
    }

    private static async Task<string> AcceptAsync(GatewayProcess gateway)
    {
        using var content = new StringContent(
            """{"model":"mock/m","input":"go","background":true}""", Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        using var answer = await gateway.Client.PostAsync(new Uri("/v1/responses", UriKind.Relative), content);
        return JsonElement.Parse(await answer.Content.ReadAsStringAsync()).Id();
    }

    private Task<GatewayProcess> StartAsync(string prefix, ScriptedUpstream upstream, string point) =>
        GatewayProcess.StartAsync(azurite.ConnectionString, new Dictionary<string, string>
        {
            ["OPENCLAW__storage__prefix"] = prefix,
            ["OPENCLAW__storage__leaseSeconds"] = "2",
            ["OPENCLAW__gateway__http__endpoints__responses__enabled"] = "true",
            ["OPENCLAW__models__providers__mock"] = $$"""{ baseUrl: "{{upstream.BaseUrl}}", models: [{ id: "m" }] }""",
            ["OPENCLAW_CRASH_AT"] = point,
            ["TEST_TOOL_URL"] = upstream.BaseUrl[..^3],
        }, app: AppFolder.OutputOf(Path.Combine("tests", "TestWorker")), program: "testworker");
}
