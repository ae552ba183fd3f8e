using System.Net.Sockets;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace OpenClaw.Functions.Hosts.FunctionsWorker;

/// <summary>Ends the worker when its host is gone, which the package does not: it keeps a connection of its own to the port of the host's
/// message stream. The system closes it when the host dies; a live host that closed an idle connection accepts the next one.</summary>
internal sealed partial class HostWatch(HostAddress host, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<HostWatch> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Then the process has to exit with a code that says so.</summary>
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

    /// <summary>Returns when the connection has ended; false when there was none to be had.</summary>
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
                // The host's greeting is of no interest.
            }
        }
        catch (SocketException)
        {
            // Closed the hard way.
        }

        return true;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The Functions host is gone; the worker ends")]
    private partial void LogGone();
}
