using Microsoft.Extensions.DependencyInjection;
using OpenClaw.Configuration;
using OpenClaw.Functions.Worker;
using OpenClaw.Storage;
using OpenClaw.Telemetry;

namespace OpenClaw.Functions.Cli;

/// <summary>Wires the worker: whatever is wrong with configuration or storage, it starts and answers 503 until that is mended.</summary>
public static class WorkerStart
{
    public static Task<int> RunAsync(string[] args)
    {
        var loaded = Load();
        var config = new GatewayConfigStore(loaded ?? new GatewayConfig()) { IsInvalid = loaded is null };
        var redactor = new Redactor();
        redactor.Use(ConfigSecrets.Of(config.Current));
        return WorkerHost.RunAsync(args, new WorkerOptions
        {
            Config = config,
            Redactor = redactor,
            Services = services => services
                .AddSingleton(redactor)
                .AddSingleton(HostTraits.Worker)
                .AddGatewayStorage(Storage()),
            EnvironmentReloaded = _ =>
            {
                loaded = Load();
                config.IsInvalid = loaded is null;
                config.Replace(loaded ?? new GatewayConfig());
                redactor.Use(ConfigSecrets.Of(config.Current));
                return Task.CompletedTask;
            },
        });
    }

    /// <summary>Null when the configuration is unusable; the reasons go to the host's log.</summary>
    internal static GatewayConfig? Load() => ConfigCheck.Load(null, Console.Error).Config;

    internal static StorageAccount? Storage()
    {
        try
        {
            return StorageAccount.FromEnvironment(Environment.GetEnvironmentVariable);
        }
        catch (Exception failure) when (failure is FormatException or ArgumentException or InvalidOperationException)
        {
            Console.Error.WriteLine($"error: the storage connection is not usable: {failure.Message}");
            return null;
        }
    }
}
