using OpenClaw.Tests.Support;
using Xunit;

namespace OpenClaw.Tests.EndToEnd;

/// <summary>The unmodified command line of the original in remote mode against the real executable.</summary>
public sealed class OpenClawCliTests(AzuriteFixture azurite)
{
    [Fact]
    [Trait("Feature", "F11")]
    [Trait("Feature", "F24")]
    public async Task The_command_line_of_the_original_manages_the_self_host()
    {
        await using var gateway = await GatewayProcess.StartAsync(azurite.ConnectionString, new Dictionary<string, string>
        {
            ["OPENCLAW__storage__prefix"] = AzuriteFixture.UniqueName()[..12],
            ["OPENCLAW__models__providers__echo"] = """{ api: "echo", models: [{ id: "echo", name: "The echo" }] }""",
        });
        using var cli = await OpenClawCli.InstallAsync(new Uri(gateway.Url), GatewayHost.Token);

        Assert.Contains("OK", await cli.RunAsync("gateway", "health"), StringComparison.Ordinal);
        Assert.Contains("main (default)", await cli.RunAsync("health"), StringComparison.Ordinal);
        Assert.Contains("reachable", await cli.RunAsync("status"), StringComparison.Ordinal);
        Assert.Contains("hello from afar", await cli.RunAsync("agent", "--agent", "main", "--message", "hello from afar"), StringComparison.Ordinal);
        Assert.Contains("echo/echo", await cli.RunAsync("models", "list"), StringComparison.Ordinal);
        Assert.Contains("agent:main:main", await cli.RunAsync("gateway", "call", "sessions.list", "--json"), StringComparison.Ordinal);
        Assert.Contains("tokens", await cli.RunAsync("gateway", "usage-cost"), StringComparison.Ordinal);
        Assert.Contains("openclaw-functions", await cli.RunAsync("system", "presence"), StringComparison.Ordinal);
        Assert.Contains("null", await cli.RunAsync("system", "heartbeat", "last"), StringComparison.Ordinal);
        Assert.Contains("No device pairing entries", await cli.RunAsync("devices", "list"), StringComparison.Ordinal);
    }
}
