using System.Globalization;

namespace OpenClaw.Bench;

/// <summary>What stored turns and stored responses cost, and what a storage call costs. <c>DataStorage</c> names the storage.</summary>
internal static class StoredTurns
{
    private const string Token = "bench-token-0123456789";
    private const int Rounds = 5;
    private const int Turns = 800;

    public static async Task<int> RunAsync(string gateway, string hook)
    {
        await StorageCalls.RunAsync();
        using var upstream = await Server.StartAsync(Environment.ProcessPath!, ["upstream"], probe: false);
        var config = WriteConfig(upstream.Url);
        var counters = Path.GetTempFileName();
        try
        {
            Environment.SetEnvironmentVariable("DOTNET_STARTUP_HOOKS", hook);
            Environment.SetEnvironmentVariable(Counters.FileVariable, counters);
            Task<Server> StartAsync() => Server.StartAsync(gateway, ["gateway", "start", "--port", "0", "--config", config], Token);
            foreach (var kind in new[] { LoadKind.Session, LoadKind.Response })
            {
                Environment.SetEnvironmentVariable(Counters.PortsVariable, null);
                using (var server = await StartAsync())
                {
                    await MeasureAsync(server, kind, counters);
                }

                Environment.SetEnvironmentVariable(Counters.PortsVariable, Ports());
                using (var server = await StartAsync())
                {
                    await Load.RunAsync(server, kind, 20, 1);
                    var before = await Counters.ReadAsync(counters);
                    await Load.RunAsync(server, kind, 100, 1);
                    Print(kind, "storage calls", (await Counters.ReadAsync(counters)).StorageCalls - before.StorageCalls, 100);
                }
            }
        }
        finally
        {
            File.Delete(config);
            File.Delete(counters);
        }

        return 0;
    }

    private static async Task MeasureAsync(Server server, LoadKind kind, string counters)
    {
        await Load.RunAsync(server, kind, 2000, 8);
        foreach (var parallel in new[] { 1, 8 })
        {
            var rounds = new List<(LoadResult Load, long Allocated)>();
            for (var round = 0; round < Rounds; round++)
            {
                var before = await Counters.ReadAsync(counters);
                var load = await Load.RunAsync(server, kind, Turns / (parallel == 1 ? 4 : 1), parallel);
                rounds.Add((load, ((await Counters.ReadAsync(counters)).Allocated - before.Allocated) / (Turns / (parallel == 1 ? 4 : 1))));
            }

            Print(kind, $"CPU ms, {parallel} at once", Median(rounds.Select(r => r.Load.CpuPerRequest)));
            Print(kind, $"KiB allocated, {parallel} at once", Median(rounds.Select(r => r.Allocated / 1024.0)));
            Print(kind, $"p50 ms, {parallel} at once", Median(rounds.Select(r => r.Load.FirstByteP50)));
            Print(kind, $"p95 ms, {parallel} at once", Median(rounds.Select(r => r.Load.FirstByteP95)));
        }

        Print(kind, "RSS MB", server.Rss);
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted[sorted.Count / 2];
    }

    private static string Ports() => string.Join(',', Environment.GetEnvironmentVariable("DataStorage")!.Split(';')
        .Where(part => part.Contains("Endpoint=http", StringComparison.Ordinal)).Select(part => new Uri(part.Split('=', 2)[1]).Port));

    private static void Print(LoadKind kind, string name, double value, int per = 1) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{kind + ": " + name,-40} {value / per,9:F2}"));

    private static string WriteConfig(string upstream)
    {
        var path = Path.Combine(
            Path.GetTempPath(), string.Create(CultureInfo.InvariantCulture, $"openclaw-stored-{Environment.ProcessId}.json"));
        File.WriteAllText(path, $$"""
            {
              gateway: {
                auth: { token: '{{Token}}' },
                http: {
                  rateLimit: { requestsPerMinute: 0 },
                  endpoints: { chatCompletions: { enabled: true }, responses: { enabled: true } } },
              },
              models: { providers: { bench: { baseUrl: '{{upstream}}', models: [{ id: 'bench-model' }] } } },
            }
            """);
        return path;
    }
}
