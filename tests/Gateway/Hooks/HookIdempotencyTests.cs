using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Gateways;
using Xunit;

namespace OpenClaw.Tests.Gateway.Hooks;

/// <summary>The same call does its work once, on whichever instance it arrives.</summary>
[Trait("Feature", "R8")]
public class HookIdempotencyTests(AzuriteFixture azurite)
{
    private readonly string _prefix = AzuriteFixture.UniqueName()[..12];

    [Fact]
    public async Task Fifty_calls_with_one_key_on_two_instances_are_one_run()
    {
        await using var one = await StartAsync();
        await using var two = await StartAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => (i % 2 == 0 ? one : two).PostOkAsync(
            "/hooks/agent", """{"message":"Hello"}""", ("Idempotency-Key", "k"))));
        var id = Assert.Single(answers.Select(a => a.GetProperty("runId").GetString()!).Distinct());
        await one.EndOfAsync(id);

        var again = await two.PostOkAsync("/hooks/agent", """{"message":"Hello","waitForResult":true}""", ("Idempotency-Key", "k"));
        Assert.Equal((id, "completed"), (again.GetProperty("runId").GetString(), again.GetProperty("status").GetString()));
        Assert.Equal(1, one.Asked.Count + two.Asked.Count);
    }

    [Fact]
    public async Task A_key_is_known_after_a_restart_and_another_message_under_it_is_refused()
    {
        string first;
        await using (var gateway = await StartAsync())
        {
            first = await RunAsync(gateway, """{"message":"Hello"}""", ("Idempotency-Key", "k"));
        }

        await using var restarted = await StartAsync();
        Assert.Equal(first, await RunAsync(restarted, """{"message":"Hello"}""", ("Idempotency-Key", "k")));
        Assert.Equal(
            (422, "idempotency_mismatch"),
            await restarted.PostFailureAsync("/hooks/agent", """{"message":"Other"}""", ("Idempotency-Key", "k")));
        Assert.NotEqual(first, await RunAsync(restarted, """{"message":"Hello"}""", ("Idempotency-Key", "other")));
        Assert.NotEqual(first, await RunAsync(restarted, """{"message":"Hello"}"""));
    }

    [Fact]
    public async Task The_header_beats_the_gateways_own_which_beats_the_body()
    {
        await using var gateway = await StartAsync();
        var first = await RunAsync(
            gateway, """{"message":"Hello","idempotencyKey":"c"}""", ("Idempotency-Key", "a"), ("X-OpenClaw-Idempotency-Key", "b"));
        Assert.Equal(first, await RunAsync(gateway, """{"message":"Hello"}""", ("Idempotency-Key", "a")));
        Assert.NotEqual(first, await RunAsync(gateway, """{"message":"Hello"}""", ("X-OpenClaw-Idempotency-Key", "b")));
        Assert.NotEqual(first, await RunAsync(gateway, """{"message":"Hello","idempotencyKey":"c"}"""));
        Assert.Equal(
            (400, "invalid_value"), await gateway.PostFailureAsync(
                "/hooks/agent", """{"message":"Hello"}""", ("Idempotency-Key", new string('k', 257))));
    }

    [Fact]
    public async Task Keys_of_another_token_and_of_another_path_are_other_keys()
    {
        await using var one = await StartAsync("mappings: [{ match: { path: 'm' }, messageTemplate: 'x {{now}}' }]");
        var first = await RunAsync(one, """{"message":"Hello"}""", ("Idempotency-Key", "k"));
        var mapped = (await one.PostOkAsync("/hooks/m", "{}", ("Idempotency-Key", "k"))).GetProperty("runId").GetString();
        Assert.NotEqual(first, mapped);
        Assert.Equal(mapped, (await one.PostOkAsync("/hooks/m", "{}", ("Idempotency-Key", "k"))).GetProperty("runId").GetString());
        Assert.Equal((422, "idempotency_mismatch"), await one.PostFailureAsync("/hooks/m", "[]", ("Idempotency-Key", "k")));

        await using var two = await HookGateway.StartAsync(
            azurite.StorageAccount, configure: config => config.Hooks.Token = "another-token-9c0b", prefix: _prefix);
        var other = await two.PostOkAsync(
            "/hooks/agent", """{"message":"Hello"}""", ("Authorization", "Bearer another-token-9c0b"), ("Idempotency-Key", "k"));
        Assert.NotEqual(first, other.GetProperty("runId").GetString());
    }

    private Task<HookGateway> StartAsync(string hooks = "") => HookGateway.StartAsync(azurite.StorageAccount, hooks, prefix: _prefix);

    private static async Task<string> RunAsync(HookGateway gateway, string body, params (string Name, string Value)[] headers) =>
        (await gateway.PostOkAsync("/hooks/agent", body, headers)).GetProperty("runId").GetString()!;
}
