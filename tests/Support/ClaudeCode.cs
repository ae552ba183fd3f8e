using System.Diagnostics;
using OpenClaw.Functions.Cli.Dev;
using Xunit;

namespace OpenClaw.Tests.Support;

/// <summary>The Claude Code command line, pinned in <c>EndToEnd/clients/claude-code</c>, in a home and a working folder of its
/// own.</summary>
public sealed class ClaudeCode : IDisposable
{
    /// <summary>How long one run may take; a client that repeats a refused request takes minutes.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly string Folder = Path.Combine(Repository.Root, "tests", "EndToEnd", "clients", "claude-code");

    private readonly string _program;
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("openclaw-claude-");

    private ClaudeCode(string program)
    {
        _program = program;
        Directory.CreateDirectory(Work);
        Directory.CreateDirectory(Home);
    }

    /// <summary>Where it is started.</summary>
    public string Work => Path.Combine(_root.FullName, "work");

    private string Home => Path.Combine(_root.FullName, "home");

    /// <summary>Installs it when it is not there yet. Skips the test where it cannot be installed.</summary>
    public static async Task<ClaudeCode> InstallAsync()
    {
        try
        {
            await new NpmInstallation(Folder, "Claude Code").EnsureAsync(progress: null, TestContext.Current.CancellationToken);
        }
        catch (NpmInstallationException failure)
        {
            Assert.Skip(failure.Message);
        }

        var scope = Path.Combine(Folder, "node_modules", "@anthropic-ai");
        var programs = Directory.GetDirectories(scope, "claude-code-*").Select(d => Path.Combine(d, "claude")).Where(File.Exists).ToList();
        Assert.SkipWhen(programs.Count == 0, "Claude Code has no program for this platform.");
        return new ClaudeCode(programs[0]);
    }

    /// <summary>Runs <c>claude -p</c> to its end.</summary>
    public async Task<(int ExitCode, string Output)> PrintAsync(string prompt, Uri gateway, string token)
    {
        var start = new ProcessStartInfo(_program, ["-p", prompt])
        {
            WorkingDirectory = Work,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var path = start.Environment["PATH"];
        start.Environment.Clear(); // no settings of the person or program that runs the tests
        start.Environment["PATH"] = path;
        start.Environment["HOME"] = Home;
        start.Environment["ANTHROPIC_BASE_URL"] = gateway.ToString().TrimEnd('/');
        start.Environment["ANTHROPIC_AUTH_TOKEN"] = token;
        start.Environment["ANTHROPIC_MODEL"] = "openclaw";
        start.Environment["CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC"] = "1";
        start.Environment["DISABLE_AUTOUPDATER"] = "1";
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(patience.Token);
            var errors = process.StandardError.ReadToEndAsync(patience.Token);
            await process.WaitForExitAsync(patience.Token);
            return (process.ExitCode, await output + await errors);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    public void Dispose() => _root.Delete(recursive: true);
}
