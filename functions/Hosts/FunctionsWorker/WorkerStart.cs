using OpenClaw.Configuration;
using OpenClaw.Functions.Cli.Commands;
using OpenClaw.Runs.Durable;
using OpenClaw.Storage;
using OpenClaw.Telemetry;

namespace OpenClaw.Functions.Hosts.FunctionsWorker;

/// <summary>Starts the worker. With errors in configuration or storage it starts too, and answers 503 until they are corrected.</summary>
public static class WorkerStart
{
    public static Task<int> RunAsync(string[] args)
    {
        var loaded = ConfigCheck.Load(null, Console.Error).Config; // the reasons go to the host's log
        var usable = loaded is not null && IsQueueKnownToHost(loaded) ? loaded : null;
        // a configuration without credentials admits no caller
        var config = new GatewayConfigStore(usable ?? new GatewayConfig()) { IsInvalid = usable is null };
        var redactor = new Redactor();
        redactor.Use(ConfigSecrets.Of(config.Current));
        return FunctionsWorkerHost.RunAsync(args, new WorkerSettings(config, redactor)
        {
            Services = services => services.AddStorageAccount(Storage()),
        });
    }

    /// <summary>The host reads neither the configuration file nor its overrides, so the queue's name is also a setting of its
    /// own.</summary>
    private static bool IsQueueKnownToHost(GatewayConfig config)
    {
        var (setting, name) = (Environment.GetEnvironmentVariable(WakeUps.QueueSetting), WakeUps.QueueNameOf(config.Storage.Prefix));
        if (setting == name)
        {
            return true;
        }

        Console.Error.WriteLine($"error: set {WakeUps.QueueSetting} to '{name}', the queue that storage.prefix makes; it is {(setting is null ? "not set" : $"'{setting}'")}.");
        return false;
    }

    private static StorageAccount? Storage()
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
