using System.Collections.Concurrent;
using System.Diagnostics;

namespace OpenClaw.Tests.Support;

/// <summary>One worker process, started as the host starts it.</summary>
public sealed class WorkerProcess : IDisposable
{
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();

    private WorkerProcess(ProcessStartInfo start)
    {
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        Exited = WaitAsync();
    }

    /// <summary>The exit code.</summary>
    public Task<int> Exited { get; }

    public int Id => _process.Id;

    /// <summary>Lines of standard output and standard error so far.</summary>
    public IReadOnlyCollection<string> Output => _output;

    public static WorkerProcess Start(AppFolder app, Uri rpc, string workerId, IReadOnlyDictionary<string, string> environment)
    {
        var start = new ProcessStartInfo(app.Executable)
        {
            WorkingDirectory = app.Path,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        string[] first = app.FirstArgument is { } path ? [path] : [];
        string[] legacy =
        [
            "--host", rpc.Host, "--port", $"{rpc.Port}", "--workerId", workerId, "--requestId", workerId,
            "--grpcMaxMessageLength", "2147483647",
        ];
        string[] current =
        [
            "--functions-uri", rpc.ToString(), "--functions-worker-id", workerId, "--functions-request-id", workerId,
            "--functions-grpc-max-message-length", "2147483647",
        ];
        foreach (var argument in (string[])[.. first, .. legacy, .. current])
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var name in start.Environment.Keys.Where(static n => n.StartsWith("DOTNET_", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(name); // the platform does not say where .NET is
        }

        start.Environment["ASPNETCORE_URLS"] = rpc.ToString(); // meant for the host, inherited by the worker
        start.Environment["FUNCTIONS_WORKER_RUNTIME"] = "dotnet-isolated";
        start.Environment["FUNCTIONS_WORKER_DIRECTORY"] = app.Path;
        start.Environment["FUNCTIONS_APPLICATION_DIRECTORY"] = app.Path;
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return new WorkerProcess(start);
    }

    public void Kill()
    {
        if (!Exited.IsCompleted)
        {
            _process.Kill();
        }
    }

    public void Dispose() => _process.Dispose();

    private async Task<int> WaitAsync()
    {
        await _process.WaitForExitAsync();
        return _process.ExitCode;
    }

    private void Keep(string? line)
    {
        if (line is not null)
        {
            _output.Enqueue(line);
        }
    }
}
