using System.Text.Json;
using Xunit;

namespace OpenClaw.Tests.Conformance;

/// <summary>The WebSocket tests of the compliance suite.</summary>
/// <param name="post">Posts a body to a path and checks the answer against a shape.</param>
internal sealed class SocketSuite(Uri baseUrl, Func<string, string, string, Task<JsonElement>> post)
{
    private const string NotFound = "previous_response_not_found";

    public IReadOnlyDictionary<string, Func<Task>> Cases => new Dictionary<string, Func<Task>>(StringComparer.Ordinal)
    {
        ["websocket-response"] = () => WithSocketAsync(async socket =>
            AssertCompleted(await socket.TurnAsync(Create(ComplianceSuite.User("Count from 1 to 3."))))),
        ["websocket-sequential-responses"] = () => WithSocketAsync(async socket =>
        {
            AssertCompleted(await socket.TurnAsync(Create(ComplianceSuite.User("One."), "\"store\":false,")));
            AssertCompleted(await socket.TurnAsync(Create(ComplianceSuite.User("Two."), "\"store\":false,")));
        }),
        ["websocket-continuation"] = () => WithSocketAsync(async socket =>
        {
            var first = await CobaltAsync(socket);
            AssertCompleted(await socket.TurnAsync(
                $$"""{"type":"response.create","model":"openclaw","store":false,"previous_response_id":"{{first.Id}}","input":"What is the code word?"}"""));
        }),
        ["websocket-reconnect-store-false-recovery"] = ReconnectAsync,
        ["websocket-previous-response-not-found"] = () => WithSocketAsync(async socket =>
            AssertError(NotFound, await socket.TurnAsync(Continue("resp_unknown", ComplianceSuite.User("Go on."))))),
        ["websocket-failed-continuation-evicts-cache"] = () => WithSocketAsync(async socket =>
        {
            var first = await CobaltAsync(socket);
            var failed = await socket.TurnAsync(
                Continue(first.Id, """{"type":"function_call_output","call_id":"call_never_made","output":"x"}"""));
            Assert.Empty(failed.Faults);
            Assert.True(failed.ErrorCode is not null || failed.Status == "failed");
            AssertError(NotFound, await socket.TurnAsync(Continue(first.Id, ComplianceSuite.User("Go on."))));
        }),
        ["websocket-compact-new-chain"] = CompactAsync,
    };

    private static string Create(string items, string more = "") =>
        $$"""{"type":"response.create","model":"openclaw",{{more}}"input":[{{items}}]}""";

    private static string Continue(string id, string items) => Create(items, $"\"store\":false,\"previous_response_id\":\"{id}\",");

    private static void AssertCompleted(SocketTurn turn)
    {
        Assert.Empty(turn.Faults);
        Assert.Equal("completed", turn.Status);
    }

    private static void AssertError(string code, SocketTurn turn)
    {
        Assert.Empty(turn.Faults);
        Assert.Equal(code, turn.ErrorCode);
    }

    private static async Task<SocketTurn> CobaltAsync(SuiteSocket socket)
    {
        var turn = await socket.TurnAsync(Create(ComplianceSuite.User("Remember the code word: cobalt."), "\"store\":false,"));
        AssertCompleted(turn);
        return turn;
    }

    private async Task WithSocketAsync(Func<SuiteSocket, Task> use)
    {
        using var socket = await SuiteSocket.ConnectAsync(baseUrl);
        await use(socket);
        await socket.CloseAsync();
    }

    private async Task ReconnectAsync()
    {
        var id = "";
        await WithSocketAsync(async socket => id = (await CobaltAsync(socket)).Id);
        await WithSocketAsync(async socket =>
        {
            AssertError(NotFound, await socket.TurnAsync(Continue(id, ComplianceSuite.User("What is the code word?"))));
            AssertCompleted(await socket.TurnAsync(Create(ComplianceSuite.User("Then anew."), "\"store\":false,")));
        });
    }

    private async Task CompactAsync()
    {
        var compacted = await post("/v1/responses/compact", """
            {"model":"openclaw","input":[{"type":"message","role":"user","content":[{"type":"input_text","text":"My name is Alice."}]},
              {"type":"message","role":"assistant","content":[{"type":"output_text","text":"Hello Alice."}]}]}
            """, "compaction");
        var items = string.Join(',', compacted.GetProperty("output").EnumerateArray().Select(i => i.GetRawText()));
        await WithSocketAsync(async socket =>
            AssertCompleted(await socket.TurnAsync(Create($"{items},{ComplianceSuite.User("What is my name?")}", "\"tools\":[],"))));
    }
}
