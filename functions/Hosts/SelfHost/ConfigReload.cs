using System.Runtime.InteropServices;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenClaw.Configuration;

namespace OpenClaw.Functions.Hosts.SelfHost;

/// <summary>Loads the configuration again when its file changes or the process gets SIGUSR1. An invalid one changes
/// only the health status; settings that need a restart keep their values.</summary>
public sealed partial class ConfigReload(ConfigFile file, GatewayConfigStore config, TimeProvider time, ILogger<ConfigReload> logger)
    : IHostedService, IDisposable
{
    /// <summary>How long to wait after a change of the file, because one save causes several events.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromMilliseconds(250);

    private readonly Lock _lock = new();
    private ITimer? _settled;
    private FileSystemWatcher? _watcher;
    private PosixSignalRegistration? _signal;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _settled = time.CreateTimer(
            static reload => ((ConfigReload)reload!).ReloadIfForeign(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        if (!OperatingSystem.IsWindows())
        {
            _signal = PosixSignalRegistration.Create((PosixSignal)(OperatingSystem.IsMacOS() ? 30 : 10), OnUserSignal);
        }

        try
        {
            _watcher = file.Path is { } path ? Watch(path) : null;
        }
        catch (Exception failure) when (failure is IOException or ArgumentException or UnauthorizedAccessException)
        {
            LogNotWatched(failure.Message);
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        Dispose();
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        _watcher?.Dispose();
        _signal?.Dispose();
        _settled?.Dispose();
    }

    private FileSystemWatcher Watch(string path)
    {
        var name = Path.GetFileName(path);
        var watcher = new FileSystemWatcher(Path.GetDirectoryName(path)!)
        {
            NotifyFilter = NotifyFilters.FileName | NotifyFilters.LastWrite | NotifyFilters.Size | NotifyFilters.CreationTime,
        };
        watcher.Changed += (_, e) => Note(e.Name);
        watcher.Created += (_, e) => Note(e.Name);
        watcher.Deleted += (_, e) => Note(e.Name);
        watcher.Renamed += (_, e) =>
        {
            Note(e.OldName);
            Note(e.Name);
        };
        watcher.Error += (_, _) => Note(name); // events were lost, perhaps one of this file
        watcher.EnableRaisingEvents = true;
        return watcher;

        void Note(string? changed)
        {
            if (changed == name || changed == "..data") // the link that Kubernetes turns to a volume's next version
            {
                _settled?.Change(Settling, Timeout.InfiniteTimeSpan);
            }
        }
    }

    private void OnUserSignal(PosixSignalContext signal)
    {
        signal.Cancel = true;
        _ = Task.Run(Reload);
    }

    /// <summary>A file that this process wrote is in force already.</summary>
    private void ReloadIfForeign()
    {
        try
        {
            if (file.IsOwnWrite())
            {
                return;
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // Loading it says why it cannot be read.
        }

        Reload();
    }

    private void Reload()
    {
        lock (_lock)
        {
            try
            {
                var reloaded = file.Reload();
                if (reloaded.Errors.Count > 0)
                {
                    LogInvalid(string.Join(" | ", reloaded.Errors));
                    return;
                }

                foreach (var key in reloaded.RestartKeys)
                {
                    LogRestartRequired(key);
                }

                LogReloaded();
            }
            catch (Exception failure)
            {
                config.IsInvalid = true;
                LogFailed(failure);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Configuration reloaded")]
    private partial void LogReloaded();

    [LoggerMessage(Level = LogLevel.Warning, Message = "Configuration key {Key} has changed: restart required")]
    private partial void LogRestartRequired(string key);

    [LoggerMessage(Level = LogLevel.Error, Message = "Configuration is invalid, the last good one stays in force: {Faults}")]
    private partial void LogInvalid(string faults);

    [LoggerMessage(Level = LogLevel.Error, Message = "Configuration could not be reloaded")]
    private partial void LogFailed(Exception failure);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The configuration file cannot be watched ({Reason}); SIGUSR1 reloads it")]
    private partial void LogNotWatched(string reason);
}
