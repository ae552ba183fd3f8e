using System.Net.Sockets;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace OpenClaw.Functions.Hosts.FunctionsWorker;

/// <summary>Ends the worker when its host has died, which the package does not do. It keeps a connection of its own to the port of the
/// host's message stream. The system closes it when the host dies; a live host that closed an idle connection accepts the next
/// one.</summary>
internal sealed partial class HostWatch(HostAddress host, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<HostWatch> logger)
    : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>True when the host has died; the process then exits with a code of its own.</summary>
    public bool IsHostGone { get; private set; }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (await WatchAsync(stoppingToken))
        {
            await Task.Delay(Pause, time, stoppingToken);
        }

        IsHostGone = true;
        LogGone();
        lifetime.StopApplication();
    }

    /// <summary>Returns when the connection has ended; false when none could be made.</summary>
    private async Task<bool> WatchAsync(CancellationToken cancellationToken)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(host.Uri.Host, host.Uri.Port, cancellationToken);
        }
        catch (SocketException)
        {
            return false;
        }

        try
        {
            var buffer = new byte[256];
            while (await socket.ReceiveAsync(buffer, cancellationToken) > 0)
            {
                // Bytes from the host are ignored.
            }
        }
        catch (SocketException)
        {
            // The connection was reset.
        }

        return true;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The Functions host is gone; the worker ends")]
    private partial void LogGone();
}
