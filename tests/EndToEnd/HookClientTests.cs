using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Gateways;
using Xunit;

namespace OpenClaw.Tests.EndToEnd;

/// <summary>Hooks signed by the platforms' own packages, against the real executable in both of its hosts.</summary>
[Trait("Feature", "F72")]
public sealed class HookClientTests(AzuriteFixture azurite)
{
    private static readonly string[] Checks = ["github", "stripe", "standard-webhooks", "callback"];

    [Fact]
    public async Task Signed_calls_are_taken_by_the_self_host()
    {
        await using var gateway = await GatewayProcess.StartAsync(azurite.ConnectionString, Environment());
        Assert.Equal(Checks, await NodeClient.RunAsync(
            "hooks.mjs", new Uri(gateway.Url), HookGateway.Token, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Signed_calls_are_taken_by_the_worker_behind_the_Functions_host()
    {
        await using var host = await FunctionsHost.StartAsync(new Dictionary<string, string>(Environment())
        {
            ["DataStorage"] = azurite.ConnectionString,
            ["OPENCLAW_GATEWAY_TOKEN"] = GatewayHost.Token,
        });
        Assert.Equal(Checks, await NodeClient.RunAsync(
            "hooks.mjs", host.BaseUrl, HookGateway.Token, TestContext.Current.CancellationToken));
    }

    private static Dictionary<string, string> Environment() => new()
    {
        ["OPENCLAW__storage__prefix"] = AzuriteFixture.UniqueName()[..12],
        ["OPENCLAW__models__providers__echo"] = """{ api: "echo", models: [{ id: "echo" }] }""",
        ["OPENCLAW__hooks"] =
            $$"""
            {
              enabled: true, token: "{{HookGateway.Token}}",
              callbackSecret: "{{HookGateway.CallbackSecret}}", callbackSsrfPolicy: { allowedHostnames: ["127.0.0.1"] },
              mappings: [
                { match: { path: "github" }, messageTemplate: "x", signature: { scheme: "github", secret: "github-secret-1f0c" } },
                { match: { path: "stripe" }, messageTemplate: "x", signature: { scheme: "stripe", secret: "whsec_stripe_secret_77aa" } },
                { match: { path: "standard" }, messageTemplate: "x",
                  signature: { scheme: "standard-webhooks", secret: "{{HookGateway.CallbackSecret}}" } },
              ],
            }
            """,
    };
}
