using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;

namespace OpenClaw.Functions.Worker;

/// <summary>The process as a worker of the Azure Functions host.</summary>
public static class WorkerHost
{
    /// <summary>The host kills a worker 5 s after it told it to leave.</summary>
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(4);

    private static readonly TimeSpan FlushLimit = TimeSpan.FromSeconds(0.5);

    /// <summary>A signal mostly reaches the host too, which then drains for up to 10 s and tells us to leave.</summary>
    private static readonly TimeSpan SignalLimit = TimeSpan.FromSeconds(15);

    public static bool IsStartedByHost(string[] args) => WorkerArguments.Find(args) is not null;

    /// <summary>Runs until the host lets go of it. Returns the exit code: 0 only when the host said so.</summary>
    /// <exception cref="ArgumentException">The arguments are not those of a Functions host.</exception>
    public static async Task<int> RunAsync(string[] args, WorkerOptions options)
    {
        var arguments = WorkerArguments.Find(args) ?? throw new ArgumentException("Not started by a Functions host.", nameof(args));
        await using var connection = new HostConnection(arguments);
        using var log = new RpcLoggerProvider(connection, options.Redactor);
        var logger = log.CreateLogger(typeof(WorkerHost).Namespace!);
        var invocations = new InvocationTable(connection, TimeProvider.System, options.PairingLimit, logger);
        log.Invocations = invocations;

        using var reading = new CancellationTokenSource();
        var application = Task.Run(() => WorkerApplication.StartAsync(options, invocations, log));
        var session = new WorkerSession(connection, invocations, options, application, logger);
        var loop = Task.Run(() => session.ReadAsync(arguments.Host, reading.Token));
        using var term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, LeaveLater);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, LeaveLater);

        var end = await session.End;
        await StopAsync(application, invocations, logger);
        connection.Complete();
        await Task.WhenAny(loop, Task.Delay(FlushLimit)); // breaking off the stream could cost the host our last answers
        await reading.CancelAsync();
        await loop;
        if (end.Reason is { } reason)
        {
            await Console.Error.WriteLineAsync($"error: {reason}");
        }

        return end.ExitCode;

        void LeaveLater(PosixSignalContext signal)
        {
            signal.Cancel = true;
            _ = Task.Delay(SignalLimit).ContinueWith(
                _ => session.Leave(WorkerEnd.HostLost("The process was asked to end by a signal.")), TaskScheduler.Default);
        }
    }

    private static async Task StopAsync(Task<WorkerApplication> application, InvocationTable invocations, ILogger logger)
    {
        using var limit = new CancellationTokenSource(StopLimit);
        try
        {
            var app = await application.WaitAsync(limit.Token);
            await app.StopAsync(limit.Token).WaitAsync(limit.Token);
        }
        catch (Exception failure)
        {
            WorkerLog.StopFailed(logger, failure);
        }

        await invocations.DrainAsync(limit.Token);
    }
}
