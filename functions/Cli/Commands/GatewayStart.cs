using OpenClaw.Configuration;
using OpenClaw.Functions.Hosts.SelfHost;
using OpenClaw.Storage;

namespace OpenClaw.Functions.Cli.Commands;

/// <summary><c>openclaw gateway start</c>.</summary>
public static class GatewayStart
{
    /// <summary>How long readiness fails before the port closes, for a balancer to notice.</summary>
    private static readonly TimeSpan StopNotice = TimeSpan.FromSeconds(2);

    /// <returns>An <see cref="ExitCode"/>.</returns>
    public static async Task<int> RunAsync(string? configPath, int? port, string? bind, CancellationToken cancellationToken)
    {
        var loaded = ConfigCheck.Load(configPath, Console.Error);
        if (loaded.Config is not { } config)
        {
            return ExitCode.ConfigInvalid;
        }

        Complete(config);
        if (config.Gateway.Bind is not ("loopback" or "lan") && !System.Net.IPAddress.TryParse(config.Gateway.Bind, out _))
        {
            await Console.Error.WriteLineAsync("--bind takes 'loopback', 'lan' or an IP address.");
            return ExitCode.ConfigInvalid;
        }

        StorageAccount? storage;
        try
        {
            storage = StorageAccount.FromEnvironment(Environment.GetEnvironmentVariable);
        }
        catch (Exception failure) when (failure is FormatException or ArgumentException or InvalidOperationException)
        {
            await Console.Error.WriteLineAsync($"The storage connection is not usable: {failure.Message}");
            return ExitCode.StorageUnavailable;
        }

        return await SelfHostGateway.RunAsync(
            new SelfHostOptions(config, SelfHostOptions.ChoosePort(port, config), storage)
            {
                Source = SelfHostConfig.SourceOf(loaded, Complete),
                StopNotice = StopNotice,
                Started = url => Console.Out.WriteLine($"OpenClaw gateway listens on {url}"),
            },
            cancellationToken);

        void Complete(GatewayConfig config) =>
            (config.Gateway.Bind, config.Gateway.Port) = (bind ?? config.Gateway.Bind, port ?? config.Gateway.Port);
    }
}
