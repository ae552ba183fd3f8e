using OpenClaw.Functions.Hosts.SelfHost;
using OpenClaw.Tests.Support;
using Xunit;

namespace OpenClaw.Tests.EndToEnd;

/// <summary><c>openclaw cron …</c> against a running gateway.</summary>
public sealed class CronCommandTests(AzuriteFixture azurite)
{
    [Fact]
    [Trait("Feature", "F91")]
    public async Task Jobs_are_made_listed_started_and_deleted_on_the_command_line()
    {
        await using var gateway = await GatewayProcess.StartAsync(azurite.ConnectionString, new Dictionary<string, string>
        {
            ["OPENCLAW__storage__prefix"] = AzuriteFixture.UniqueName()[..12],
            ["OPENCLAW__models__providers__echo"] = """{ api: "echo", models: [{ id: "echo" }] }""",
        });
        var id = (await RunAsync(
            gateway, "add", "--cron", "0 4 1 1 *", "--tz", "Europe/Berlin", "--name", "Report", "--message", "Report!")).Trim();
        Assert.StartsWith("job_", id, StringComparison.Ordinal);
        Assert.Matches($"^{id}\tidle\t[0-9]{{4}}-01-01 03:00:00Z\tReport\n$", await RunAsync(gateway, "list"));

        var runId = (await RunAsync(gateway, "run", id)).Trim();
        string runs;
        do
        {
            runs = await RunAsync(gateway, "runs", id);
        }
        while (runs.Length == 0);

        Assert.Contains($"\tok\t{runId}\t", runs, StringComparison.Ordinal);
        Assert.Equal("", await RunAsync(gateway, "rm", id));
        Assert.Equal("", await RunAsync(gateway, "list"));

        var refused = await TryAsync(gateway, GatewayHost.Token, "rm", id);
        Assert.NotEqual(ExitCode.Ok, refused.ExitCode);
        Assert.Contains(id, refused.Errors, StringComparison.Ordinal);
        var stranger = await TryAsync(gateway, "wrong", "list");
        Assert.NotEqual(ExitCode.Ok, stranger.ExitCode);
        Assert.DoesNotContain("wrong", stranger.Errors, StringComparison.Ordinal);
    }

    private static async Task<string> RunAsync(GatewayProcess gateway, params string[] arguments)
    {
        var (exitCode, output, errors) = await TryAsync(gateway, GatewayHost.Token, arguments);
        Assert.True(exitCode == ExitCode.Ok, errors);
        return output;
    }

    private static Task<(int ExitCode, string Output, string Errors)> TryAsync(
        GatewayProcess gateway, string token, params string[] arguments) =>
        CommandProcess.RunAsync(["cron", .. arguments, "--url", gateway.Url, "--token", token]);
}
