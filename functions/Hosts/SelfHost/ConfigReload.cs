using System.Runtime.InteropServices;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenClaw.Configuration;
using OpenClaw.Security;

namespace OpenClaw.Functions.Hosts.SelfHost;

/// <summary>Loads the configuration again when its file changes or the process gets SIGUSR1. An invalid one changes
/// only the health status; settings that need a restart keep their values.</summary>
public sealed partial class ConfigReload(ConfigSource source, GatewayConfigStore config, TimeProvider time, ILogger<ConfigReload> logger)
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
            static reload => ((ConfigReload)reload!).Reload(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        if (!OperatingSystem.IsWindows())
        {
            _signal = PosixSignalRegistration.Create((PosixSignal)(OperatingSystem.IsMacOS() ? 30 : 10), OnUserSignal);
        }

        try
        {
            _watcher = source.Path is { } path ? Watch(path) : null;
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

    private void Reload()
    {
        lock (_lock)
        {
            try
            {
                var result = source.Load();
                if (result.Config is not { } next)
                {
                    config.IsInvalid = true;
                    LogInvalid(string.Join(" | ", result.Errors));
                    return;
                }

                KeepUntilRestart(next);
                config.Replace(next);
                config.IsInvalid = false;
                LogReloaded();
            }
            catch (Exception failure)
            {
                config.IsInvalid = true;
                LogFailed(failure);
            }
        }
    }

    /// <summary>Keeps the settings that need a restart, and logs them.</summary>
    private void KeepUntilRestart(GatewayConfig next)
    {
        var (now, then) = (config.Current.Gateway, next.Gateway);
        if (then.Port != now.Port)
        {
            then.Port = now.Port;
            LogRestartRequired("gateway.port");
        }

        if (then.Bind != now.Bind)
        {
            then.Bind = now.Bind;
            LogRestartRequired("gateway.bind");
        }

        if (new AuthSettings(next).Mode != new AuthSettings(config.Current).Mode)
        {
            then.Auth = now.Auth; // the new credentials are not valid in the old mode
            LogRestartRequired("gateway.auth.mode");
        }

        if (next.Storage.Prefix != config.Current.Storage.Prefix)
        {
            next.Storage.Prefix = config.Current.Storage.Prefix; // active turns must end in the tables where they began
            LogRestartRequired("storage.prefix");
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
