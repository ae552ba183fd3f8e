using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenClaw.Configuration;
using OpenClaw.Security;
using OpenClaw.Storage;
using OpenClaw.Telemetry;

namespace OpenClaw.Functions.Hosts.SelfHost;

/// <summary>The gateway on its own Kestrel, without a Functions host.</summary>
public static class SelfHostGateway
{
    /// <summary>How long stopping may take in all: notice and drain (see <see cref="HostTraits"/>), then 8 s to free the sessions of
    /// runs that were cancelled.</summary>
    public static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(25);

    /// <summary>How long storage may take no connection after the start.</summary>
    private static readonly TimeSpan StorageWait = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan StorageProbePause = TimeSpan.FromSeconds(1);

    /// <summary>How long after the start storage is probed, so that the first requests are fast.</summary>
    private static readonly TimeSpan StorageProbeDelay = TimeSpan.FromMilliseconds(250);

    /// <summary>Serves until the process gets a signal to stop.</summary>
    /// <returns>An <see cref="ExitCode"/>.</returns>
    public static async Task<int> RunAsync(SelfHostOptions options, CancellationToken cancellationToken)
    {
        if (new AuthSettings(options.Config).Mode == AuthMode.Unconfigured)
        {
            await options.Errors.WriteLineAsync(
                "No gateway credentials are configured. Set OPENCLAW_GATEWAY_TOKEN or 'gateway.auth.token' ('openclaw token new' makes one).");
            return ExitCode.AuthMissing;
        }

        await using var app = Build(options);
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch (IOException failure) when (failure.InnerException is AddressInUseException || failure.InnerException is SocketException)
        {
            await options.Errors.WriteLineAsync($"Port {options.Port} is in use. Stop what listens there or choose another with --port.");
            return ExitCode.PortInUse;
        }

        options.Started?.Invoke(UrlOf(app));
        var storage = WatchStorageAsync(app, options.Storage is not null, cancellationToken);
        var stopped = app.WaitForShutdownAsync(cancellationToken);
        if (await Task.WhenAny(storage, stopped) == storage && !await storage)
        {
            await options.Errors.WriteLineAsync(options.Storage is null
                ? "No storage is configured. Set DataStorage (or AzureWebJobsStorage) to a connection string, or use 'openclaw dev'."
                : "Storage does not answer. Check DataStorage (or AzureWebJobsStorage) and that the account, or Azurite, is up.");
            await app.StopAsync(CancellationToken.None);
            return ExitCode.StorageUnavailable;
        }

        await stopped;
        return ExitCode.Ok;
    }

    /// <summary>The application, not yet started.</summary>
    public static WebApplication Build(SelfHostOptions options)
    {
        var redactor = new Redactor();
        redactor.Use(ConfigSecrets.Of(options.Config));
        var config = new GatewayConfigStore(options.Config);
        string[] former = [.. ConfigSecrets.Of(options.Config)];
        config.Changed += current =>
        {
            string[] secrets = [.. ConfigSecrets.Of(current)];
            redactor.Use([.. former, .. secrets]); // active runs still use the former ones
            former = secrets;
        };
        return GatewayApplication.Build(
            config,
            kestrel =>
            {
                StalledReaders.Use(kestrel);
                Listen(kestrel, options);
            },
            services =>
            {
                services.AddSingleton(redactor).AddSingleton<StalledReaders>();
                services.AddStorageAccount(options.Storage);
                services.AddSingleton(HostTraits.SelfHost with { StopNotice = options.StopNotice });
                if (options.RunsTimers)
                {
                    services.AddHostedService<TimerService>().AddHostedService<WakeUpPoller>();
                }

                if (options.Source is { } source)
                {
                    services.AddSingleton(new ConfigFile(source, config, SelfHostConfig.RestartKeys)).AddHostedService<ConfigReload>();
                }

                services.Configure<HostOptions>(host => host.ShutdownTimeout = DrainTime);
                options.Services?.Invoke(services);
            },
            logging => logging.AddProvider(new LineLoggerProvider(options.Output, redactor, TimeProvider.System, options.LogLevel))
                .AddFilter("Microsoft", LogLevel.Warning).AddFilter("Azure", LogLevel.Warning).AddFilter("System", LogLevel.Warning),
            before: static app => app.UseWebSockets());
    }

    /// <summary>The first address Kestrel listens on.</summary>
    public static string UrlOf(WebApplication app) =>
        app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    private static void Listen(KestrelServerOptions kestrel, SelfHostOptions options)
    {
        switch (options.Config.Gateway.Bind)
        {
            case "loopback" when options.Port == 0:
                kestrel.Listen(IPAddress.Loopback, 0);
                break;
            case "loopback":
                kestrel.ListenLocalhost(options.Port);
                break;
            case "lan":
                kestrel.ListenAnyIP(options.Port);
                break;
            case var address:
                kestrel.Listen(IPAddress.Parse(address), options.Port);
                break;
        }
    }

    /// <summary>Returns whether storage answered. One that takes connections is given all the time it needs: on a loaded machine it, or
    /// this process, may be slow.</summary>
    private static async Task<bool> WatchStorageAsync(WebApplication app, bool isConfigured, CancellationToken cancellationToken)
    {
        var probe = app.Services.GetRequiredService<StorageProbe>();
        var time = app.Services.GetRequiredService<TimeProvider>();
        var start = time.GetTimestamp();
        try
        {
            await Task.Delay(StorageProbeDelay, cancellationToken);
            while (!await probe.IsReachableAsync(cancellationToken))
            {
                if (!isConfigured || (!await probe.AcceptsConnectionsAsync(cancellationToken) && time.GetElapsedTime(start) >= StorageWait))
                {
                    return false;
                }

                await Task.Delay(StorageProbePause, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // It is told to stop.
        }

        return true;
    }
}
