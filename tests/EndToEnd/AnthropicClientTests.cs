using OpenClaw.Tests.Support;
using Xunit;

namespace OpenClaw.Tests.EndToEnd;

/// <summary>The unmodified @anthropic-ai/sdk package against the real executable, in both of its hosts.</summary>
public sealed class AnthropicClientTests(AzuriteFixture azurite)
{
    private static readonly string[] Checks =
    [
        "messages.create", "messages.auth-token", "messages.stream", "messages.stream.helper", "messages.stop-sequence",
        "tools.loop", "tools.runner", "tools.stream", "count-tokens",
        "error.authentication", "error.unknown-model", "error.bad-request", "error.retried",
    ];

    private const string NoQuota = """{"error":{"code":"insufficient_quota","message":"used up"}}""";

    [Fact]
    public async Task The_anthropic_package_works_against_the_self_host()
    {
        await using var flaky = await StartFlakyAsync();
        await using var gateway = await GatewayProcess.StartAsync(azurite.ConnectionString, Environment(flaky));

        Assert.Equal(Checks, await NodeClient.RunAsync(
            "anthropic.mjs", new Uri(gateway.Url), GatewayHost.Token, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task The_anthropic_package_works_against_the_worker_behind_the_Functions_host()
    {
        await using var flaky = await StartFlakyAsync();
        await using var host = await FunctionsHost.StartAsync(new Dictionary<string, string>(Environment(flaky))
        {
            ["DataStorage"] = azurite.ConnectionString,
            ["OPENCLAW_GATEWAY_TOKEN"] = GatewayHost.Token,
            ["OPENCLAW__gateway__http__endpoints__messages__enabled"] = "true",
        });

        Assert.Equal(Checks, await NodeClient.RunAsync(
            "anthropic.mjs", host.BaseUrl, GatewayHost.Token, TestContext.Current.CancellationToken));
    }

    /// <summary>The gateway does not repeat a request for want of quota, so that is left to the client.</summary>
    private static async Task<ScriptedUpstream> StartFlakyAsync() => (await ScriptedUpstream.StartAsync())
        .NextStatus(429, NoQuota)
        .NextStatus(429, NoQuota);

    private static Dictionary<string, string> Environment(ScriptedUpstream flaky) => new()
    {
        ["OPENCLAW__storage__prefix"] = AzuriteFixture.UniqueName()[..12],
        ["OPENCLAW__models__providers__echo"] = """{ api: "echo", models: [{ id: "echo" }] }""",
        ["OPENCLAW__models__providers__flaky"] = $$"""{ baseUrl: "{{flaky.BaseUrl}}", apiKey: "k" }""",
    };
}
