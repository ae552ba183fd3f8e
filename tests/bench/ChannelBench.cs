using System.Globalization;
using System.Net.Http.Headers;
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

    public static async Task<int> RunAsync(string gateway, int events, int seed)
    {
        using var storage = StorageAccount.FromEnvironment(Environment.GetEnvironmentVariable)
            ?? throw new InvalidOperationException("DataStorage is not set.");
        var prefix = string.Create(CultureInfo.InvariantCulture, $"ch{Environment.ProcessId}");
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
            var report = await run.RunAsync(events, seed, done => Console.Error.WriteLine($"{done} events"));
            Console.WriteLine(report);
            return report.Problems.Count == 0 ? 0 : 1;
        }
        finally
        {
            File.Delete(config);
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
