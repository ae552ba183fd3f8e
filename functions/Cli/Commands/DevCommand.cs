using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using OpenClaw.Configuration;
using OpenClaw.Functions.Cli.Dev;
using OpenClaw.Functions.Hosts.SelfHost;
using OpenClaw.Storage;

namespace OpenClaw.Functions.Cli.Commands;

/// <summary><c>openclaw dev</c>: the gateway for real on one machine. Starts Azurite when no storage is configured, makes and
/// keeps a token, switches the endpoints on, uses the provider keys of the environment or the built-in echo model.</summary>
public static class DevCommand
{
    private const int PortsTried = 20;

    /// <returns>An <see cref="ExitCode"/>.</returns>
    public static async Task<int> RunAsync(string? configPath, int? port, string? dataPath, CancellationToken cancellationToken)
    {
        var loaded = ConfigCheck.Load(configPath, Console.Error);
        if (loaded.Config is not { } config)
        {
            return ExitCode.ConfigInvalid;
        }

        var folder = DevFolder.Find(dataPath);
        Complete(config);
        try
        {
            await using var azurite = await StartStorageAsync(folder, cancellationToken);
            var account = azurite is null
                ? StorageAccount.FromEnvironment(Environment.GetEnvironmentVariable)
                : StorageAccount.Parse(azurite.ConnectionString);
            var chosen = FindPort(SelfHostOptions.ChoosePort(port, config), fixedPort: port is not null);
            return await SelfHostGateway.RunAsync(
                new SelfHostOptions(config, chosen, account)
                {
                    LogLevel = LogLevel.Information,
                    Source = SelfHostConfig.SourceOf(loaded, Complete),
                    Started = url => Console.Out.WriteLine(
                        DevBanner.Write(config, new Uri(url).Port, azurite is null ? null : folder.Azurite)),
                },
                cancellationToken);
        }
        catch (AzuriteUnavailableException missing)
        {
            await Console.Error.WriteLineAsync(missing.Message);
            return ExitCode.StorageUnavailable;
        }
        catch (Exception failure) when (failure is FormatException or ArgumentException)
        {
            await Console.Error.WriteLineAsync($"The storage connection is not usable: {failure.Message}");
            return ExitCode.StorageUnavailable;
        }

        void Complete(GatewayConfig config) =>
            DevConfig.Complete(config, Environment.GetEnvironmentVariable, () => folder.ReadOrCreateToken());
    }

    /// <summary>Null when a storage account is configured already.</summary>
    private static async Task<AzuriteProcess?> StartStorageAsync(DevFolder folder, CancellationToken cancellationToken)
    {
        foreach (var name in EnvironmentVariables.StorageConnections)
        {
            if (Environment.GetEnvironmentVariable(name) is { Length: > 0 } connection)
            {
                Console.Out.WriteLine($"Storage: the account in {name}.");
                return null;
            }
        }

        return await AzuriteProcess.StartAsync(folder.Azurite, Console.Out.WriteLine, cancellationToken);
    }

    /// <summary>The wanted port, or the next free one unless it was asked for outright.</summary>
    private static int FindPort(int wanted, bool fixedPort)
    {
        if (fixedPort)
        {
            return wanted;
        }

        for (var port = wanted; port < wanted + PortsTried; port++)
        {
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                listener.Stop();
                if (port != wanted)
                {
                    Console.Out.WriteLine($"Port {wanted} is in use; the gateway takes {port}.");
                }

                return port;
            }
            catch (SocketException)
            {
                // The port is taken; the next one may be free.
            }
        }

        return wanted;
    }
}
