using System.Globalization;
using System.Net.Http.Headers;
using Azure.Data.Tables;
using OpenClaw.Storage;
using OpenClaw.Tests.Faults.ChannelLoad;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Channels;

namespace OpenClaw.Bench;

/// <summary>Events of a chat platform at two gateways that are killed now and then; see <see cref="ChannelLoadRun"/>.</summary>
internal static class ChannelBench
{
    private const string Token = "bench-token-0123456789";
    private const int ChatsAtOnce = 16;
    private const int EventsOfRound = 400;

    /// <summary>In rounds, each with tables of its own that are deleted afterwards: Azurite looks through all rows of a table.</summary>
    public static async Task<int> RunAsync(string gateway, int events, int seed)
    {
        var connection = Environment.GetEnvironmentVariable("DataStorage") ?? throw new InvalidOperationException("DataStorage is not set.");
        using var storage = StorageAccount.Parse(connection);
        var total = new LoadReport();
        for (var round = 0; total.Events < events; round++)
        {
            var prefix = string.Create(CultureInfo.InvariantCulture, $"ch{Environment.ProcessId}r{round}");
            var report = await RunAsync(gateway, storage, prefix, Math.Min(EventsOfRound, events - total.Events), seed + round);
            total.Add(report);
            report.Problems.ForEach(Console.Error.WriteLine);
            await DeleteTablesAsync(connection, prefix);
            Console.Error.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{total.Events} events, {total.Kills} kills, {total.Problems.Count} problems"));
        }

        Console.WriteLine(total);
        return total.Problems.Count == 0 ? 0 : 1;
    }

    private static async Task<LoadReport> RunAsync(string gateway, StorageAccount storage, string prefix, int events, int seed)
    {
        await using var telegram = await TelegramStandIn.StartAsync();
        await using var upstream = await ScriptedUpstream.StartAsync();
        var config = Path.Combine(Path.GetTempPath(), $"openclaw-{prefix}.json");
        await File.WriteAllTextAsync(config, $$"""
            {
              gateway: { auth: { token: '{{Token}}' } },
              session: { dmScope: 'per-channel-peer' },
              storage: { prefix: '{{prefix}}', leaseSeconds: 5 },
              channels: { telegram: {{ChannelLoadRun.SectionFor(telegram)}} },
              models: { providers: { mock: { baseUrl: '{{upstream.BaseUrl}}', models: [{ id: 'm' }] } } },
              agents: { defaults: { model: 'mock/m' } },
            }
            """);
        try
        {
            await using var run = new ChannelLoadRun(storage, prefix, telegram, upstream, async () =>
            {
                var server = await Server.StartAsync(gateway, ["gateway", "start", "--port", "0", "--config", config], Token);
                var client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri(server.Url) };
                client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
                return new LoadedGateway(client, new Running(server), () => server.HasExited);
            }, ChatsAtOnce);
            return await run.RunAsync(events, seed);
        }
        finally
        {
            File.Delete(config);
        }
    }

    private static async Task DeleteTablesAsync(string connection, string prefix)
    {
        var tables = new TableServiceClient(connection);
        await foreach (var table in tables.QueryAsync(t => t.Name.CompareTo(prefix) >= 0 && t.Name.CompareTo(prefix + "z") < 0))
        {
            await tables.DeleteTableAsync(table.Name);
        }
    }

    private sealed class Running(Server server) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            server.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
