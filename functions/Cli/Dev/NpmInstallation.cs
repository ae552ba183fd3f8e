using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace OpenClaw.Functions.Cli.Dev;

/// <summary>The pinned Node packages of a folder, installed when they are not there yet. Processes that need them at the same
/// time wait for the first.</summary>
/// <param name="folder">Holds <c>package.json</c> and <c>package-lock.json</c>.</param>
/// <param name="name">What they are, for messages: "The storage emulator".</param>
/// <param name="otherwise">What else helps when this fails, added to messages: ", or …".</param>
public sealed class NpmInstallation(string folder, string name, string otherwise = "")
{
    private const int NodeMajor = 20;

    private static readonly TimeSpan InstallTimeout = TimeSpan.FromMinutes(5);

    /// <summary>Returns when <c>node_modules</c> is up to date.</summary>
    /// <param name="progress">Gets one line for each step that takes time.</param>
    /// <exception cref="NpmInstallationException">No Node, or the installation failed.</exception>
    public async Task EnsureAsync(Action<string>? progress, CancellationToken cancellationToken)
    {
        await CheckNodeAsync(cancellationToken);
        if (IsInstalled())
        {
            return;
        }

        await using var installLock = await LockAsync(progress, cancellationToken);
        if (!IsInstalled())
        {
            progress?.Invoke($"{name}: installing (once) …");
            await InstallAsync(cancellationToken);
        }
    }

    private async Task CheckNodeAsync(CancellationToken cancellationToken)
    {
        var (exitCode, output) = await RunAsync("node", ["--version"], cancellationToken);
        var version = output.Trim().TrimStart('v');
        if (exitCode != 0 || !int.TryParse(version.Split('.')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var major)
            || major < NodeMajor)
        {
            throw new NpmInstallationException($"{name} needs Node.js {NodeMajor} or later, not '{version}': install it{otherwise}.");
        }
    }

    /// <summary>npm writes <c>node_modules/.package-lock.json</c> last, so a broken-off installation has none.</summary>
    private bool IsInstalled()
    {
        var installed = Path.Combine(folder, "node_modules", ".package-lock.json");
        if (!File.Exists(installed))
        {
            return false;
        }

        using var wanted = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "package-lock.json")));
        using var found = JsonDocument.Parse(File.ReadAllBytes(installed));
        return wanted.RootElement.GetProperty("packages").GetProperty("").GetProperty("dependencies").EnumerateObject()
            .All(package => VersionOf(found, package.Name) is { } version && version == VersionOf(wanted, package.Name));
    }

    private static string? VersionOf(JsonDocument lockFile, string package) =>
        lockFile.RootElement.GetProperty("packages").TryGetProperty("node_modules/" + package, out var entry)
            ? entry.GetProperty("version").GetString()
            : null;

    private async Task<FileStream> LockAsync(Action<string>? progress, CancellationToken cancellationToken)
    {
        var path = Path.Combine(folder, ".install.lock");
        for (var waited = TimeSpan.Zero; ; waited += TimeSpan.FromMilliseconds(250))
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException exception) when (waited > InstallTimeout)
            {
                throw new NpmInstallationException(
                    $"{name}: another process has been installing it for too long. End it and try again{otherwise}.", exception);
            }
            catch (IOException)
            {
                if (waited == TimeSpan.Zero)
                {
                    progress?.Invoke($"{name}: waiting for another process that installs it …");
                }

                await Task.Delay(TimeSpan.FromMilliseconds(250), cancellationToken);
            }
        }
    }

    private async Task InstallAsync(CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(InstallTimeout);
        try
        {
            var npm = OperatingSystem.IsWindows() ? "npm.cmd" : "npm";
            var (exitCode, output) = await RunAsync(
                npm, ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], timeout.Token);
            if (exitCode != 0)
            {
                throw new NpmInstallationException(
                    $"{name} could not be installed: run 'npm ci' in {folder} to see why{otherwise}.", new InvalidOperationException(
                        output));
            }
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new NpmInstallationException(
                $"{name} took more than {InstallTimeout.TotalMinutes} minutes to install: run 'npm ci' in {folder}{otherwise}.", exception);
        }
    }

    /// <summary>Both outputs as one text. A process that is given up is killed with all it started.</summary>
    private async Task<(int ExitCode, string Output)> RunAsync(string program, string[] arguments, CancellationToken cancellationToken)
    {
        using var process = new Process
        {
            StartInfo = new ProcessStartInfo(
                program, arguments)
            { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true },
        };
        try
        {
            process.Start();
        }
        catch (Win32Exception exception)
        {
            throw new NpmInstallationException(
                $"{name} needs Node.js {NodeMajor} or later with npm on the PATH ('{program}' was not found): install it{otherwise}.",
                    exception);
        }

        try
        {
            var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            var errors = process.StandardError.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            return (process.ExitCode, await output + await errors);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }
}
