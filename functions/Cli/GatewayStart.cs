using OpenClaw.Functions.SelfHost;
using OpenClaw.Storage;

namespace OpenClaw.Functions.Cli;

/// <summary><c>openclaw gateway start</c>.</summary>
public static class GatewayStart
{
    /// <returns>An <see cref="ExitCode"/>.</returns>
    public static async Task<int> RunAsync(string? configPath, int? port, string? bind, CancellationToken cancellationToken)
    {
        if (ConfigCheck.Load(configPath, Console.Error) is not { } config)
        {
            return ExitCode.ConfigInvalid;
        }

        config.Gateway.Bind = bind ?? config.Gateway.Bind;
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
                Started = url => Console.Out.WriteLine($"OpenClaw gateway listens on {url}"),
            },
            cancellationToken);
    }
}
