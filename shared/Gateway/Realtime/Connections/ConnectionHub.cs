using System.Collections.Concurrent;
using System.Reflection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenClaw.Devices;
using OpenClaw.Gateway.Realtime.Events;
using OpenClaw.Gateway.Realtime.Protocol;
using OpenClaw.Security;
using OpenClaw.Telemetry;

namespace OpenClaw.Gateway.Realtime.Connections;

/// <summary>The connections of this process. Sends events to them, ticks while there are any, and ends them when the host stops or when
/// their device has lost its tokens, on whichever instance that happened.</summary>
internal sealed partial class ConnectionHub : IEventOutlet, IHostedLifecycleService, IDisposable
{
    /// <summary>How soon a client should try again after this host has stopped.</summary>
    private const int RestartExpectedMs = 2000;

    /// <summary>How often storage is looked at for what other instances did.</summary>
    public static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<string, ControlConnection> _connections = new(StringComparer.Ordinal);
    private readonly TimeProvider _time;
    private readonly DeviceChanges _changes;
    private readonly DeviceCache _devices;
    private readonly DeviceSightings _sightings;
    private readonly ILogger<ConnectionHub> _logger;
    private readonly Lock _timerLock = new();
    private readonly Outage _outage = new();
    private ITimer? _timer;
    private ITimer? _lookTimer;
    private int _isLooking;

    public ConnectionHub(
        TimeProvider time, DeviceChanges changes, DeviceCache devices, DeviceSightings sightings, ILogger<ConnectionHub> logger)
    {
        (_time, _changes, _devices, _sightings, _logger) = (time, changes, devices, sightings, logger);
        Presence = new PresenceBoard(() => _connections.Values, time);
        changes.Ended += EndDevice;
    }

    public static string Version { get; } = Assembly.GetExecutingAssembly().GetName().Version?.ToString(3) ?? "0.0.0";

    /// <summary>Who is connected to this process.</summary>
    public PresenceBoard Presence { get; }

    /// <summary>Raised every two seconds while there are clients, for what other instances do; never twice at once.</summary>
    public event Func<Task>? Looking;

    /// <summary>Whether a client of this process would get events of a topic and scope.</summary>
    public bool HasAudience(EventTopic topic, Scope scope) => _connections.Values.Any(connection => connection.Takes(topic, scope));

    /// <summary>Whether a device is connected to this process.</summary>
    public bool IsConnected(string deviceId) => _connections.Values.Any(c => c.Info.DeviceId == deviceId);

    public void Connected(ControlConnection connection)
    {
        _connections[connection.ConnectionId] = connection;
        if (_timer is null)
        {
            lock (_timerLock)
            {
                _timer ??= _time.CreateTimer(
                    static hub => ((ConnectionHub)hub!).Tick(), this, ControlPolicy.TickInterval, ControlPolicy.TickInterval);
                _lookTimer ??= _time.CreateTimer(
                    static hub => _ = ((ConnectionHub)hub!).LookAsync(), this, LookInterval, LookInterval);
            }
        }

        Presence.Change();
    }

    public void Remove(ControlConnection connection)
    {
        if (_connections.TryRemove(KeyValuePair.Create(connection.ConnectionId, connection)))
        {
            Presence.Change();
        }
    }

    public void Publish(ControlEvent controlEvent)
    {
        foreach (var connection in _connections.Values)
        {
            connection.Offer(controlEvent);
        }
    }

    /// <summary>Tells every client that this host stops, and lets them connect to another one.</summary>
    public Task StoppingAsync(CancellationToken cancellationToken)
    {
        Publish(ControlEvent.Of("shutdown", EventTopic.Gateway, Scope.None, FrameWriter.Json(
            new ShutdownPayload("service restart", RestartExpectedMs), ConnectJson.Default.ShutdownPayload)));
        foreach (var connection in _connections.Values)
        {
            connection.Close(CloseCode.ServiceRestart, "service restart");
        }

        return Task.CompletedTask;
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        _changes.Ended -= EndDevice;
        _timer?.Dispose();
        _lookTimer?.Dispose();
        Presence.Dispose();
    }

    private void EndDevice(string deviceId)
    {
        foreach (var connection in _connections.Values.Where(c => c.Info.DeviceId == deviceId))
        {
            connection.Close(CloseCode.DeviceRemoved, "device removed");
        }
    }

    private async Task LookAsync()
    {
        if (Interlocked.Exchange(ref _isLooking, 1) != 0)
        {
            return; // storage is slow; the look under way goes on
        }

        var hasFailed = false;
        foreach (var look in new[] { LookAtDevicesAsync }.Concat(Looking?.GetInvocationList().Cast<Func<Task>>() ?? []))
        {
            hasFailed |= !await TryAsync(look);
        }

        if (!hasFailed)
        {
            _outage.End();
        }

        Volatile.Write(ref _isLooking, 0);
    }

    /// <summary>Ends the connections of devices that lost their tokens on another instance.</summary>
    private async Task LookAtDevicesAsync()
    {
        foreach (var group in _connections.Values.Where(c => c.Admission?.DeviceId is not null).GroupBy(c => c.Admission!.DeviceId!))
        {
            var device = await _devices.FindAsync(group.Key, CancellationToken.None);
            foreach (var connection in group.Where(c => device is null || c.Admission!.Generation < device.Generation))
            {
                connection.Close(CloseCode.DeviceRemoved, "device removed");
            }

            if (device is not null)
            {
                _sightings.Note(device);
            }
        }
    }

    private async Task<bool> TryAsync(Func<Task> look)
    {
        try
        {
            await look();
            return true;
        }
        catch (Exception failure)
        {
            if (_outage.Begins())
            {
                LogNotChecked(failure.Message); // any exception: the next tick looks again
            }

            return false;
        }
    }

    private void Tick() => Publish(ControlEvent.Of("tick", EventTopic.Gateway, Scope.None, FrameWriter.Json(
        new TickPayload(_time.GetUtcNow().ToUnixTimeMilliseconds()), ConnectJson.Default.TickPayload)));

    [LoggerMessage(Level = LogLevel.Warning, Message = "What other instances did for connected clients could not be read: {Reason}")]
    private partial void LogNotChecked(string reason);
}
