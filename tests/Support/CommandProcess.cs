using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using OpenClaw.Functions.Hosts.SelfHost;

namespace OpenClaw.Tests.Support;

/// <summary>The real executable as a process of its own, without the configuration and keys of the environment.</summary>
public sealed partial class CommandProcess : IAsyncDisposable
{
    public const int Interrupt = 2;
    public const int Kill = 9;
    public const int User = 10;
    public const int Terminate = 15;

    /// <summary>How long anything that must happen may take; matters only when a test fails.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly string[] Foreign = ["OPENCLAW", "OPENAI_", "ANTHROPIC_", "DataStorage", "AzureWebJobsStorage"];

    private readonly Process _process;
    private readonly Lock _lock = new();
    private readonly List<string> _output = [];
    private readonly List<string> _errors = [];
    private TaskCompletionSource _news = NewNews();
    private bool _ended;

    private CommandProcess(Process process) => _process = process;

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>What it wrote so far: standard output, then standard error.</summary>
    public string Text => Output + Errors;

    public string Output => Join(_output);

    public string Errors => Join(_errors);

    /// <param name="environment">Added to the environment; configuration goes in as <c>OPENCLAW__…</c>.</param>
    /// <param name="app">Folder of the executable, in which it is started; the tests' own by default.</param>
    /// <param name="program">Name of the executable.</param>
    public static CommandProcess Start(
        string[] arguments, IReadOnlyDictionary<string, string>? environment = null, string? app = null, string program = "openclaw")
    {
        var command = new CommandProcess(new Process { StartInfo = Describe(arguments, environment, app, program) });
        command._process.OutputDataReceived += (_, line) => command.Keep(command._output, line.Data);
        command._process.ErrorDataReceived += (_, line) => command.Keep(command._errors, line.Data);
        command._process.Start();
        command._process.StandardInput.Close();
        command._process.BeginOutputReadLine();
        command._process.BeginErrorReadLine();
        return command;
    }

    /// <summary>Runs a command to its end.</summary>
    public static async Task<(int ExitCode, string Output, string Errors)> RunAsync(
        string[] arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        await using var command = Start(arguments, environment);
        return (await command.WaitForExitAsync(), command.Output, command.Errors);
    }

    /// <summary>The first line of standard output, past or future, that holds the text; or one that comes after.</summary>
    public async Task<string> WaitForLineAsync(string text, int number = 1)
    {
        while (true)
        {
            Task news;
            lock (_lock)
            {
                if (_output.Where(line => line.Contains(text, StringComparison.Ordinal)).ElementAtOrDefault(number - 1) is { } found)
                {
                    return found;
                }

                news = _news.Task;
                if (_ended)
                {
                    throw new InvalidOperationException($"The process ended without '{text}':\n{Text}");
                }
            }

            await news.WaitAsync(Patience);
        }
    }

    /// <summary>Sends SIGSTOP, SIGCONT, SIGTERM, SIGINT or SIGKILL. A process that has ended, such as a gateway whose storage was too
    /// busy to answer at the start, needs no SIGKILL.</summary>
    public void Signal(int signal)
    {
        if (SendSignal(_process.Id, signal) != 0 && !(signal == Kill && _process.WaitForExit(TimeSpan.FromSeconds(1))))
        {
            throw new InvalidOperationException("The signal could not be sent.");
        }
    }

    /// <summary>Also waits for the end of its output.</summary>
    public async Task<int> WaitForExitAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(Patience);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private static ProcessStartInfo Describe(
        string[] arguments, IReadOnlyDictionary<string, string>? environment, string? app, string program)
    {
        var start = new ProcessStartInfo(
            Path.Combine(app ?? Path.GetDirectoryName(typeof(SelfHostGateway).Assembly.Location)!, program), arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = app ?? Path.GetTempPath(),
        };
        foreach (var name in start.Environment.Keys.Where(k => Foreign.Any(f => k.StartsWith(f, StringComparison.Ordinal))).ToList())
        {
            start.Environment.Remove(name);
        }

        start.Environment["HOME"] = Path.Combine(
            Path.GetTempPath(), string.Create(CultureInfo.InvariantCulture, $"openclaw-no-home-{Environment.ProcessId}"));
        start.Environment["XDG_DATA_HOME"] = Path.Combine(Repository.Root, ".openclaw", "test-cache");
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        return start;
    }

    private static TaskCompletionSource NewNews() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Keep(List<string> lines, string? line)
    {
        TaskCompletionSource news;
        lock (_lock)
        {
            if (line is null)
            {
                _ended |= lines == _output;
            }
            else
            {
                lines.Add(line);
            }

            (news, _news) = (_news, NewNews());
        }

        news.SetResult();
    }

    private string Join(List<string> lines)
    {
        lock (_lock)
        {
            return string.Concat(lines.Select(l => l + "\n"));
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int SendSignal(int processId, int signal);
}
