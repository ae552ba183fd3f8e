using System.Diagnostics;
using OpenClaw.Tests.Support;
using Xunit;

namespace OpenClaw.Tests.Infra;

/// <summary>The scripts around a deployment, with stand-ins for <c>az</c> that note what they are asked.</summary>
public sealed class HookTests(AzuriteFixture azurite) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("openclaw-hooks-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_token_is_made_once_and_goes_nowhere_but_into_the_vault()
    {
        Az("""
            case "$*" in
              *"secret show"*) exit 3 ;;
              *"secret set"*) cat > "$NOTES/token" ;;
            esac
            """);

        var (exitCode, output) = await RunAsync("infra/hooks/postprovision", []);

        var token = File.ReadAllText(Path.Combine(_folder, "token"));
        Assert.True(exitCode == 0, output);
        Assert.Matches("^oc_gw_[A-Za-z0-9]{40}$", token);
        Assert.DoesNotContain(token, output, StringComparison.Ordinal);
        Assert.DoesNotContain(token, Calls(), StringComparison.Ordinal);
        Assert.Contains("functionapp restart --name gateway --resource-group group", Calls(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_that_is_there_stays()
    {
        Az("echo id");

        var (exitCode, output) = await RunAsync("infra/hooks/postprovision", []);

        Assert.True(exitCode == 0, output);
        Assert.DoesNotContain("secret set", Calls(), StringComparison.Ordinal);
        Assert.DoesNotContain("restart", Calls(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_vault_that_stays_closed_is_an_error_that_says_why()
    {
        Az("exit 1");

        var (exitCode, output) = await RunAsync("infra/hooks/postprovision", []);

        Assert.Equal(1, exitCode);
        Assert.Contains("Key Vault Secrets Officer", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Values_that_a_deployment_needs_are_looked_up_or_created()
    {
        Az("""
            case "$*" in
              *"ad app create"*) echo 11111111-1111-1111-1111-111111111111 ;;
              *"budget show"*) echo 2026-02-01T00:00:00Z ;;
              *"signed-in-user"*) echo me ;;
            esac
            """);

        var (exitCode, output) = await RunAsync("infra/hooks/settings", ["dev"]);

        Assert.True(exitCode == 0, output);
        Assert.Equal(
            "SIGNALR_UPSTREAM_AUDIENCE=api://11111111-1111-1111-1111-111111111111\nBUDGET_START_DATE=2026-02-01\nAZURE_PRINCIPAL_ID=me\n",
                output);
        Assert.Contains("ad app update --id 11111111-1111-1111-1111-111111111111 --identifier-uris api://11111111-1111-1111-1111-111111111111", Calls(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deploying_with_az_alone_makes_the_resources_brings_the_package_and_asks_the_gateway()
    {
        await using var gateway = await GatewayHost.StartAsync(azurite.StorageAccount);
        AzOf(gateway);

        var (exitCode, output) = await RunAsync("infra/deploy", ["dev", "package.zip"]);

        Assert.True(exitCode == 0, output);
        Assert.Matches(@"all \d{2,} checks passed", output);
        Assert.Contains("--parameters infra/dev.bicepparam", Calls(), StringComparison.Ordinal);
        Assert.Contains("config-zip --resource-group made --name app --src package.zip", Calls(), StringComparison.Ordinal);
        Assert.DoesNotContain(GatewayHost.Token, output + Calls(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_gateway_that_still_runs_another_version_does_not_pass_the_gate()
    {
        await using var gateway = await GatewayHost.StartAsync(azurite.StorageAccount);
        AzOf(gateway);

        var (exitCode, output) = await RunAsync(
            "infra/deploy", ["dev", "package.zip"], expectedCommit: "0123456789012345678901234567890123456789");

        Assert.Equal(1, exitCode);
        Assert.Contains("is not ready in version 0123456789", output, StringComparison.Ordinal);
        Assert.DoesNotContain("checks passed", output, StringComparison.Ordinal);
    }

    /// <summary>A subscription in which the deployment ends in this gateway.</summary>
    private void AzOf(GatewayHost gateway) => Az($$"""
        case "$*" in
          *"deployment sub create"*)
            echo '{"AZURE_RESOURCE_GROUP":{"value":"made"},"GATEWAY_NAME":{"value":"app"},"GATEWAY_URL":{"value": "{{gateway.Url}}" },"KEY_VAULT_NAME":{"value":"kv"} }' ;;
          *"secret show"*"--query value"*) echo {{GatewayHost.Token}} ;;
          *) echo 11111111-1111-1111-1111-111111111111 ;;
        esac
        """);

    private string Calls() => File.ReadAllText(Path.Combine(_folder, "calls"));

    private void Az(string script)
    {
        var path = Path.Combine(_folder, "az");
        File.WriteAllText(path, $"#!/bin/sh\necho \"$*\" >> \"$NOTES/calls\"\n{script}\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private async Task<(int ExitCode, string Output)> RunAsync(string script, string[] arguments, string expectedCommit = "")
    {
        var start = new ProcessStartInfo(Path.Combine(Repository.Root, script), arguments)
        {
            WorkingDirectory = Repository.Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PATH"] = $"{_folder}:{start.Environment["PATH"]}";
        foreach (var name in (string[])["SIGNALR_UPSTREAM_AUDIENCE", "BUDGET_START_DATE", "AZURE_PRINCIPAL_ID"])
        {
            start.Environment.Remove(name);
        }

        foreach (var (name, value) in (IEnumerable<(string, string)>)
            [("NOTES", _folder), ("KEY_VAULT_NAME", "vault"), ("GATEWAY_NAME", "gateway"), ("AZURE_RESOURCE_GROUP", "group"), (
                "TRIES", "2"), ("PAUSE", "0"), ("EXPECTED_COMMIT", expectedCommit)])
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output + await errors);
    }
}
