using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenClaw.Telemetry;

namespace OpenClaw.Functions.Hosts.FunctionsWorker;

/// <summary>The package's log to the host, with secrets masked in messages and exceptions.</summary>
internal sealed class RedactingLoggerProvider(ILoggerProvider inner, Redactor redactor) : ILoggerProvider, ISupportExternalScope
{
    /// <summary>Wraps every logger provider that is registered by its type.</summary>
    public static void Wrap(IServiceCollection services)
    {
        foreach (var provider in services.Where(
            static s => s.ServiceType == typeof(ILoggerProvider) && s.ImplementationType is not null).ToList())
        {
            services.Remove(provider);
            services.AddSingleton<ILoggerProvider>(all => new RedactingLoggerProvider(
                (ILoggerProvider)ActivatorUtilities.CreateInstance(all, provider.ImplementationType!), all.GetRequiredService<Redactor>()));
        }
    }

    public ILogger CreateLogger(string categoryName) => new RedactingLogger(inner.CreateLogger(categoryName), redactor);

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => (inner as ISupportExternalScope)?.SetScopeProvider(scopeProvider);

    public void Dispose() => inner.Dispose();

    private sealed class RedactingLogger(ILogger inner, Redactor redactor) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => inner.BeginScope(state);

        public bool IsEnabled(LogLevel logLevel) => inner.IsEnabled(logLevel);

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                var message = redactor.Clean(formatter(state, exception));
                inner.Log(logLevel, eventId, message, exception is null ? null
                    : CleanedException.Of(exception, redactor), static (text, _) => text);
            }
        }
    }
}
