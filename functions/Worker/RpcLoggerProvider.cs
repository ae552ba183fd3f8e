using Microsoft.Extensions.Logging;
using OpenClaw.Functions.Worker.Protocol;
using OpenClaw.Telemetry;

namespace OpenClaw.Functions.Worker;

/// <summary>Sends the app's log to the host: under its invocation while that runs, else as a system line. Lines are dropped, not
/// queued without bound, when the host does not keep up.</summary>
[ProviderAlias("Functions")]
public sealed class RpcLoggerProvider(HostConnection connection, Redactor redactor) : ILoggerProvider
{
    /// <summary>Knows which invocations are open; lines before it is set are system lines.</summary>
    public InvocationTable? Invocations { get; set; }

    public ILogger CreateLogger(string categoryName) => new RpcLogger(this, categoryName);

    public void Dispose()
    {
        // The stream outlives the log.
    }

    private void Send(RpcLog line)
    {
        line.Message = redactor.Clean(line.Message);
        if (line.Exception is { } exception)
        {
            exception.Message = redactor.Clean(exception.Message);
            exception.StackTrace = redactor.Clean(exception.StackTrace);
        }

        var message = new StreamingMessage { RpcLog = line };
        if (Invocation.Current is { } invocation)
        {
            line.InvocationId = invocation.Id;
            line.LogCategory = RpcLog.Types.Category.User;
            if (Invocations?.TryLog(invocation, message) == true)
            {
                return;
            }

            line.InvocationId = "";
        }

        line.LogCategory = RpcLog.Types.Category.System;
        connection.TrySend(message);
    }

    private sealed class RpcLogger(RpcLoggerProvider provider, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            provider.Send(new RpcLog
            {
                Category = category,
                Level = (RpcLog.Types.Level)logLevel,
                Message = formatter(state, exception),
                EventId = eventId.Name ?? "",
                Exception = exception is null ? null : Outcome.Describe(exception),
            });
    }
}
