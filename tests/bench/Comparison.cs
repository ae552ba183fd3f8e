using System.Globalization;

namespace OpenClaw.Bench;

/// <summary>The gateway against the pass-through proxy, in turns, as ratios. Absolute figures are of this machine and this run.</summary>
internal static class Comparison
{
    private const string Token = "bench-token-0123456789";
    private const int Starts = 15;
    private const int Rounds = 7;

    public static async Task<int> RunAsync(string gateway)
    {
        var self = Environment.ProcessPath!;
        using var upstream = await Server.StartAsync(self, ["upstream"], probe: false);
        var config = WriteConfig(upstream.Url);
        try
        {
            await CompareAsync(
                () => Server.StartAsync(gateway, ["gateway", "start", "--port", "0", "--config", config], Token),
                () => Server.StartAsync(self, ["proxy", upstream.Url]));
        }
        finally
        {
            File.Delete(config);
        }

        return 0;
    }

    private static async Task CompareAsync(Func<Task<Server>> startGateway, Func<Task<Server>> startProxy)
    {
        await CompareStartsAsync(startGateway, startProxy);
        using var proxy = await startProxy();
        using var gateway = await startGateway();
        await Task.Delay(1000); // what start-up left behind has come to rest
        Row("RSS, idle (MB)", [(gateway.Rss, proxy.Rss)]);
        (LoadKind Kind, int Warmup, int Requests, int Parallel)[] loads =
        [
            (LoadKind.Json, 10_000, 4000, 8), (LoadKind.Stream, 10_000, 4000, 8), (LoadKind.Paced, 640, 640, 32),
        ];
        foreach (var (kind, warmup, _, parallel) in loads)
        {
            await Load.RunAsync(proxy, kind, warmup, parallel);
            await Load.RunAsync(gateway, kind, warmup, parallel);
        }

        foreach (var (kind, _, requests, parallel) in loads)
        {
            var rounds = new List<(LoadResult Gateway, LoadResult Proxy)>();
            for (var round = 0; round < Rounds; round++)
            {
                var proxied = await Load.RunAsync(proxy, kind, requests, parallel);
                rounds.Add((await Load.RunAsync(gateway, kind, requests, parallel), proxied));
            }

            void Compare(string name, Func<LoadResult, double> value) =>
                Row($"{kind}: {name}", rounds.Select(r => (value(r.Gateway), value(r.Proxy))));
            Compare("CPU per request (ms)", r => r.CpuPerRequest);
            Compare("requests per second", r => r.PerSecond);
            Compare("first byte p50 (ms)", r => r.FirstByteP50);
            Compare("first byte p95 (ms)", r => r.FirstByteP95);
        }

        Row("RSS, after load (MB)", [(gateway.Rss, proxy.Rss)]);
        await Load.RunAsync(gateway, LoadKind.Session, 200, 4);
        var stored = await Load.RunAsync(gateway, LoadKind.Session, 400, 4);
        Row("Session: CPU per turn (ms)", stored.CpuPerRequest);
        Row("Session: turns per second", stored.PerSecond);
        Row("Session: first byte p50 (ms)", stored.FirstByteP50);
    }

    private static async Task CompareStartsAsync(Func<Task<Server>> startGateway, Func<Task<Server>> startProxy)
    {
        var (times, cpu) = (new List<(double Gateway, double Proxy)>(), new List<(double Gateway, double Proxy)>());
        for (var i = 0; i < Starts; i++)
        {
            using var proxy = await startProxy();
            var proxyCpu = proxy.Cpu.TotalMilliseconds;
            using var gateway = await startGateway();
            times.Add((gateway.StartUp.TotalMilliseconds, proxy.StartUp.TotalMilliseconds));
            cpu.Add((gateway.Cpu.TotalMilliseconds, proxyCpu));
        }

        Row("start-up, exec to first 200 (ms)", times);
        Row("start-up, CPU (ms)", cpu);
    }

    private static string WriteConfig(string upstream)
    {
        var path = Path.Combine(Path.GetTempPath(), $"openclaw-bench-{Environment.ProcessId}.json");
        File.WriteAllText(path, $$"""
            {
              gateway: { auth: { token: '{{Token}}' }, http: {
                  endpoints: { chatCompletions: { enabled: true } },
                  rateLimit: { requestsPerMinute: 0 },
                } },
              models: { providers: { bench: { baseUrl: '{{upstream}}', models: [{ id: 'bench-model' }, { id: '{{CannedUpstream.PacedModel}}' }] } } },
            }
            """);
        return path;
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted[sorted.Count / 2];
    }

    /// <summary>Medians; the ratio is the median of the rounds' ratios, because what else the machine does comes and goes.</summary>
    private static void Row(string name, IEnumerable<(double Gateway, double Proxy)> rounds)
    {
        var all = rounds.ToList();
        var (gateway, proxy, ratio) = (
            Median(all.Select(r => r.Gateway)), Median(all.Select(r => r.Proxy)), Median(all.Select(r => r.Gateway / r.Proxy)));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{name,-34} gateway {gateway,9:F2}   proxy {proxy,9:F2}   ratio {ratio,5:F2}"));
    }

    private static void Row(string name, double gateway) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-34} gateway {gateway,9:F2}"));
}
