using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenClaw.Configuration;
using OpenClaw.Storage;

namespace OpenClaw.Functions.Hosts.SelfHost;

/// <summary>How the self-host is started, after command line, environment and file are merged.</summary>
/// <param name="Port">TCP port; 0 takes a free one.</param>
/// <param name="Storage">Null when no connection is configured.</param>
public sealed record SelfHostOptions(GatewayConfig Config, int Port, StorageAccount? Storage)
{
    public const int DefaultPort = 18789;

    /// <summary>The port asked for on the command line, else of <c>OPENCLAW_GATEWAY_PORT</c> or the file, else the default.</summary>
    public static int ChoosePort(int? asked, GatewayConfig config) => asked ?? config.Gateway.Port ?? DefaultPort;

    /// <summary>Where log lines and errors go.</summary>
    public TextWriter Output { get; init; } = Console.Out;

    public TextWriter Errors { get; init; } = Console.Error;

    public LogLevel LogLevel { get; init; } = LogLevel.Information;

    /// <summary>Where a changed configuration comes from; null for one that never changes.</summary>
    public ConfigSource? Source { get; init; }

    /// <summary>How long requests are still accepted once readiness has begun to fail.</summary>
    public TimeSpan StopNotice { get; init; }

    /// <summary>Adds or replaces services after all others.</summary>
    public Action<IServiceCollection>? Services { get; init; }

    /// <summary>Whether timer functions run by the clock, and wake-ups are taken from the queue.</summary>
    public bool RunsTimers { get; init; } = true;

    /// <summary>Called once requests are served, with the base URL.</summary>
    public Action<string>? Started { get; init; }
}
