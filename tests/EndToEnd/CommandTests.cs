using OpenClaw.Functions.Hosts.SelfHost;
using OpenClaw.Tests.Support;
using Xunit;

namespace OpenClaw.Tests.EndToEnd;

/// <summary>The commands that print something and end.</summary>
public sealed class CommandTests
{
    [Fact]
    [Trait("Feature", "F91")]
    public async Task Help_lists_the_commands_and_gateway_start_its_options()
    {
        var (exitCode, output, _) = await CommandProcess.RunAsync(["--help"]);
        Assert.Equal(ExitCode.Ok, exitCode);
        Assert.All(
            ["dev", "gateway", "config", "channels", "pairing", "token"],
            command => Assert.Contains($"\n  {command} ", output, StringComparison.Ordinal));

        var start = await CommandProcess.RunAsync(["gateway", "start", "--help"]);
        Assert.Equal(ExitCode.Ok, start.ExitCode);
        Assert.All(["--port", "--bind", "--config"], option => Assert.Contains(option, start.Output, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_command_that_does_not_exist_is_refused_by_name()
    {
        var (exitCode, _, errors) = await CommandProcess.RunAsync(["gateway", "strat"]);

        Assert.NotEqual(ExitCode.Ok, exitCode);
        Assert.Contains("strat", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Token_new_prints_another_long_token_each_time()
    {
        var (_, first, _) = await CommandProcess.RunAsync(["token", "new"]);
        var (_, second, _) = await CommandProcess.RunAsync(["token", "new"]);

        Assert.Matches("^oc_gw_[A-Za-z0-9]{40}\n$", first);
        Assert.Matches("^oc_gw_[A-Za-z0-9]{40}\n$", second);
        Assert.NotEqual(first, second);
    }

    [Fact]
    public async Task Config_check_accepts_the_sample_and_refuses_a_file_that_is_not_there()
    {
        var sample = await CommandProcess.RunAsync(
            ["config", "check", "--config", Path.Combine(Repository.Root, "openclaw.sample.json")],
            new Dictionary<string, string> { ["OPENCLAW_GATEWAY_TOKEN"] = GatewayHost.Token, ["OPENAI_API_KEY"] = "sk-any" });
        Assert.True(sample.ExitCode == ExitCode.Ok, sample.Errors);
        Assert.Contains("is fine", sample.Output, StringComparison.Ordinal);

        var missing = await CommandProcess.RunAsync(["config", "check", "--config", "/no/such/openclaw.json"]);
        Assert.Equal(ExitCode.ConfigInvalid, missing.ExitCode);
        Assert.Contains("openclaw.json: error: ", missing.Errors, StringComparison.Ordinal);
    }
}
