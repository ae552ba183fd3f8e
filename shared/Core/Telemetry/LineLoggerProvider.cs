using System.Globalization;
using Microsoft.Extensions.Logging;

namespace OpenClaw.Telemetry;

/// <summary>One line a record on a text writer, secrets masked: <c>07:26:44 info RunEngine Run …</c>. Stacks follow on their own
/// lines.</summary>
public sealed class LineLoggerProvider(TextWriter writer, Redactor redactor, TimeProvider time, LogLevel minimum) : ILoggerProvider
{
    private readonly Lock _writing = new();

    public ILogger CreateLogger(string categoryName) => new LineLogger(this, categoryName[(categoryName.LastIndexOf('.') + 1)..]);

    public void Dispose() => writer.Flush();

    private void Write(LogLevel level, string category, string message, Exception? failure)
    {
        var text = redactor.Clean(failure is null ? message : $"{message}\n{failure}");
        var line = string.Create(
            CultureInfo.InvariantCulture,
                $"{time.GetUtcNow():HH:mm:ss} {Name(level)} {category} {text.Replace("\n", "\n    ", StringComparison.Ordinal)}");
        lock (_writing)
        {
            writer.WriteLine(line);
            writer.Flush();
        }
    }

    private static string Name(LogLevel level) => level switch
    {
        LogLevel.Trace => "trce",
        LogLevel.Debug => "dbug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warn",
        LogLevel.Error => "fail",
        _ => "crit",
    };

    private sealed class LineLogger(LineLoggerProvider provider, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= provider.Minimum && logLevel != LogLevel.None;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                provider.Write(logLevel, category, formatter(state, exception), exception);
            }
        }
    }

    private LogLevel Minimum { get; } = minimum;
}
