using System.Diagnostics;
using OpenClaw.Tests.Support;
using Xunit;

namespace OpenClaw.Tests.Infra;

/// <summary>The script that asks a deployed gateway whether it does its work, against the hosts that run here.</summary>
public sealed class SmokeTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task The_smoke_test_passes_on_the_self_host_and_knows_what_it_was_built_from()
    {
        await using var gateway = await GatewayProcess.StartAsync(azurite.ConnectionString, Settings());
        var status = await (await gateway.Client.GetAsync("/api/status")).ReadJsonAsync();
        var commit = status.GetProperty("data").TryGetProperty("commit", out var known) ? known.GetString()! : "";

        var (exitCode, output) = await RunAsync(gateway.Url, GatewayHost.Token, commit);

        Assert.True(exitCode == 0, output);
        Assert.Matches(@"all \d{2,} checks passed", output);
        Assert.Matches("ok    version .*self-host", output);
    }

    [Fact]
    public async Task The_smoke_test_passes_under_the_Functions_host()
    {
        await using var host = await FunctionsHost.StartAsync(new Dictionary<string, string>(Settings())
        {
            ["DataStorage"] = azurite.ConnectionString,
            ["OPENCLAW_GATEWAY_TOKEN"] = GatewayHost.Token,
            ["OPENCLAW__gateway__http__endpoints__chatCompletions__enabled"] = "true",
        });

        var (exitCode, output) = await RunAsync(host.BaseUrl.ToString(), GatewayHost.Token);

        Assert.True(exitCode == 0, output);
        Assert.Matches("ok    version .*functions", output);
    }

    [Fact]
    public async Task A_gateway_that_does_not_do_its_work_fails_by_name()
    {
        await using var gateway = await GatewayHost.StartAsync(
            azurite.StorageAccount, config => config.Gateway.Http.Endpoints.Responses.Enabled = false);

        var (exitCode, output) = await RunAsync(gateway.Url, GatewayHost.Token, "0000000");

        Assert.Equal(1, exitCode);
        Assert.Contains("FAIL  version: built from", output, StringComparison.Ordinal);
        Assert.Contains("FAIL  a response is stored, read and continued: POST /v1/responses was answered 404", output,
            StringComparison.Ordinal);
        Assert.Contains("ok    chat as a stream", output, StringComparison.Ordinal);
        Assert.DoesNotContain(GatewayHost.Token, output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_gateway_that_is_not_there_and_a_token_that_is_wrong_fail_each_in_its_way()
    {
        var (exitCode, output) = await RunAsync("http://127.0.0.1:1", GatewayHost.Token);
        Assert.Equal(1, exitCode);
        Assert.Contains("FAIL  health: the process answers: ", output, StringComparison.Ordinal);

        await using var gateway = await GatewayHost.StartAsync(azurite.StorageAccount);
        (exitCode, output) = await RunAsync(gateway.Url, "wrong");
        Assert.Equal(1, exitCode);
        Assert.Contains("ok    health", output, StringComparison.Ordinal);
        Assert.Contains("FAIL  models: GET /v1/models was answered 401", output, StringComparison.Ordinal);

        Assert.Equal(2, (await RunAsync("")).ExitCode);
    }

    private static Dictionary<string, string> Settings() => new()
    {
        ["OPENCLAW__storage__prefix"] = AzuriteFixture.UniqueName()[..12],
        ["OPENCLAW__gateway__http__endpoints__responses__enabled"] = "true",
    };

    private static async Task<(int ExitCode, string Output)> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(Repository.Root, "tests", "smoke", "smoke"), arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Remove("OPENCLAW_GATEWAY_TOKEN");
        start.Environment.Remove("NODE_OPTIONS");
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output + await errors);
    }
}
