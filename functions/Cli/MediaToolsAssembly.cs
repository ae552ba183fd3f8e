using System.ComponentModel;
using System.Diagnostics;

namespace OpenClaw.Functions.Cli;

/// <summary>Runs <c>infra/media-tools/assemble</c>, which makes a bundle of native tools from this system's packages, unless it
/// has made it already. Processes that need one at the same time wait for the first.</summary>
public sealed class MediaToolsAssembly(string folder)
{
    private const string Script = "assemble";

    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(10);

    /// <summary>A system of packages that the script knows, and a checkout that has the script.</summary>
    public static bool IsPossible => OperatingSystem.IsLinux() && IsOnPath("apt-get") && IsOnPath("dpkg-deb") && FindScript() is not null;

    /// <summary>Where packages are kept; null for the script's own choice.</summary>
    public string? Cache { get; init; }

    /// <summary>Adds what tests make samples with.</summary>
    public bool WithTestTools { get; init; }

    /// <param name="progress">Told what takes time, a line each; nothing when the bundle is there already.</param>
    /// <returns>Null when the bundle is in the folder, else why not.</returns>
    public async Task<string?> EnsureAsync(Action<string>? progress, CancellationToken cancellationToken)
    {
        if (FindScript() is not { } script)
        {
            return "Media tools: infra/media-tools is not part of a published app.";
        }

        using var process = new Process
        {
            StartInfo = new ProcessStartInfo(
                "bash", [script, folder, "--keep", .. WithTestTools ? (string[])["--test-tools"] : [], .. Cache is null ? (string[])[] : ["--cache", Cache]])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
        };
        string? reason = null;
        process.OutputDataReceived += (_, line) => Tell(line.Data);
        process.ErrorDataReceived += (_, line) => reason = string.IsNullOrEmpty(line.Data) ? reason : line.Data;
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(Timeout);
        try
        {
            process.Start();
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
            await process.WaitForExitAsync(timeout.Token);
            return process.ExitCode == 0 ? null : reason ?? $"Media tools: '{script}' ended with {process.ExitCode}.";
        }
        catch (Win32Exception)
        {
            return "Media tools: bash was not found.";
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            cancellationToken.ThrowIfCancellationRequested();
            return $"Media tools: not assembled after {Timeout.TotalMinutes} minutes; run '{script}' to see why.";
        }

        void Tell(string? line)
        {
            if (!string.IsNullOrEmpty(line))
            {
                progress?.Invoke(line);
            }
        }
    }

    private static string? FindScript() => InfraFolder.Find("media-tools", Script) is { } scripts ? Path.Combine(scripts, Script) : null;

    private static bool IsOnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(f => File.Exists(Path.Combine(f, program)));
}
