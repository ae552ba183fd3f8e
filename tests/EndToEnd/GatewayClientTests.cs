using OpenClaw.Functions.Cli.Dev;
using OpenClaw.Tests.Support;
using Xunit;

namespace OpenClaw.Tests.EndToEnd;

/// <summary>The unmodified client library of the original against the control plane of the real executable.</summary>
public sealed class GatewayClientTests(AzuriteFixture azurite)
{
    private static readonly string[] Checks =
    [
        "connect.token", "connect.wrong-token", "device.pair-and-reconnect", "chat.stream", "agent.two-answers", "sessions", "scopes",
        "schema",
    ];

    [Fact]
    [Trait("Feature", "F11")]
    [Trait("Feature", "F23")]
    [Trait("Feature", "F90")]
    public async Task The_gateway_client_package_works_against_the_self_host()
    {
        await using var gateway = await GatewayProcess.StartAsync(azurite.ConnectionString, new Dictionary<string, string>
        {
            ["OPENCLAW__storage__prefix"] = AzuriteFixture.UniqueName()[..12],
            ["OPENCLAW__models__providers__echo"] = """{ api: "echo", models: [{ id: "echo" }] }""",
        });
        try
        {
            Assert.Equal(Checks, await NodeClient.RunAsync(
                "control-plane.mjs", new Uri(gateway.Url), GatewayHost.Token, TestContext.Current.CancellationToken));
        }
        catch (NpmInstallationException failure)
        {
            Assert.Skip(failure.Message);
        }
    }
}
