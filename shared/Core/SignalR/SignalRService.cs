using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenClaw.Configuration;
using OpenClaw.Errors;

namespace OpenClaw.SignalR;

/// <summary>The SignalR Service of this gateway, if there is one. Nothing is read or opened before the first use.</summary>
public sealed partial class SignalRService : IDisposable
{
    /// <summary>The one hub of the gateway.</summary>
    public const string Hub = "openclaw";

    private readonly Func<string, string?> _read;
    private readonly Lazy<SignalRClient?> _client;
    private readonly ILogger<SignalRClient> _logger;

    /// <param name="read">Reads an environment variable.</param>
    /// <param name="create">Makes the client of a connection; null for the usual one.</param>
    public SignalRService(
        Func<string, string?> read, TimeProvider time, ILogger<SignalRClient> logger,
        Func<SignalRConnection, SignalRClient>? create = null)
    {
        (_read, _logger) = (read, logger);
        _client = new Lazy<SignalRClient?>(() =>
        {
            try
            {
                return SignalRConnection.FromEnvironment(read) is not { } connection ? null
                    : create?.Invoke(connection) ?? new SignalRClient(connection, Hub, time, logger);
            }
            catch (FormatException malformed)
            {
                Fault = malformed.Message;
                LogMalformed(malformed.Message);
                return null;
            }
        });
    }

    /// <summary>Whether there is a setting, be it right or wrong. Makes no client.</summary>
    public bool IsConfigured => !string.IsNullOrWhiteSpace(
        _read(EnvironmentVariables.SignalR) is { Length: > 0 } text ? text : _read($"{EnvironmentVariables.SignalR}__serviceUri"));

    /// <summary>Null when no service is configured, or its setting is malformed.</summary>
    public SignalRClient? Client => _client.Value;

    /// <summary>What is wrong with the setting; known after <see cref="Client"/> was asked for.</summary>
    public string? Fault { get; private set; }

    /// <exception cref="GatewayException"><c>503 realtime_not_configured</c>.</exception>
    public SignalRClient Require() => Client ?? throw new GatewayException(GatewayError.RealtimeNotConfigured(Fault));

    public void Dispose()
    {
        if (_client.IsValueCreated)
        {
            _client.Value?.Dispose();
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "SignalR Service is not usable: {Reason}")]
    private partial void LogMalformed(string reason);
}

/// <summary>How the gateway reaches its SignalR Service.</summary>
public static class SignalRServices
{
    public static IServiceCollection AddSignalRService(this IServiceCollection services) => services.AddSingleton(
        static provider => new SignalRService(
            Environment.GetEnvironmentVariable, provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<SignalRClient>>()));
}
