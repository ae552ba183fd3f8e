using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace OpenClaw.Bench;

/// <summary>Two gateways on one storage account under mixed load for a while; one of them is killed every 20 seconds. At the end
/// every session is read back: what was acknowledged must stand in it, once.</summary>
internal sealed class Soak : IDisposable
{
    private const string Token = "bench-token-0123456789";
    private const int Senders = 8;
    private const int SendersPerSession = 2;
    private const int TurnsPerSession = 25;

    private static readonly TimeSpan KillEvery = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly SoakClient _client = new(Token);
    private readonly ConcurrentBag<(string Session, string Text, bool Acknowledged)> _sent = [];
    private readonly ConcurrentDictionary<string, int> _errors = new();
    private readonly Server _survivor;
    private Server _mortal;

    private Soak(Server survivor, Server mortal) => (_survivor, _mortal) = (survivor, mortal);

    public static async Task<int> RunAsync(string gateway, double minutes)
    {
        using var upstream = await Server.StartAsync(Environment.ProcessPath!, ["upstream"], probe: false);
        var config = WriteConfig(upstream.Url);
        Task<Server> StartAsync() => Server.StartAsync(gateway, ["gateway", "start", "--port", "0", "--config", config], Token);
        try
        {
            using var soak = new Soak(await StartAsync(), await StartAsync());
            return await soak.RunAsync(StartAsync, TimeSpan.FromMinutes(minutes));
        }
        finally
        {
            File.Delete(config);
        }
    }

    public void Dispose()
    {
        _survivor.Dispose();
        _mortal.Dispose();
        _client.Dispose();
    }

    private async Task<int> RunAsync(Func<Task<Server>> start, TimeSpan length)
    {
        var (first, middle, kills) = (_survivor.Rss, 0.0, 0);
        var clock = Stopwatch.StartNew();
        var senders = Enumerable.Range(0, Senders).Select(s => SendAsync(s, () => clock.Elapsed < length)).ToList();
        while (clock.Elapsed + KillEvery < length)
        {
            await Task.Delay(KillEvery);
            _mortal.Dispose();
            kills++;
            _mortal = await start();
            middle = middle == 0 && clock.Elapsed >= length / 2 ? _survivor.Rss : middle;
        }

        await Task.WhenAll(senders);
        var last = _survivor.Rss;
        var (lost, doubled) = await CheckAsync();
        Print("minutes", clock.Elapsed.TotalMinutes);
        Print("inputs", _sent.Count);
        Print("acknowledged", _sent.Count(s => s.Acknowledged));
        Print("kills", kills);
        Print("lost", lost);
        Print("doubled", doubled);
        foreach (var (code, count) in _errors.OrderBy(e => e.Key, StringComparer.Ordinal))
        {
            Print("error " + code, count);
        }

        Print("RSS of the survivor at first (MB)", first);
        Print("RSS halfway (MB)", middle);
        Print("RSS at last (MB)", last);
        return lost + doubled > 0 ? 1 : 0;
    }

    private async Task SendAsync(int sender, Func<bool> goesOn)
    {
        for (var turn = 0; goesOn(); turn++)
        {
            var session = string.Create(CultureInfo.InvariantCulture, $"soak-{sender / SendersPerSession}-{turn / TurnsPerSession}");
            var text = string.Create(CultureInfo.InvariantCulture, $"message {sender}.{turn}");
            var way = (SoakWay)(turn % 4);
            var started = Stopwatch.StartNew();
            string? error;
            var tries = 0;
            do
            {
                error = await _client.SendAsync(((sender + turn + tries++) % 2 == 0 ? _survivor : _mortal).Url, way, session, text);
                if (error is not null)
                {
                    _errors.AddOrUpdate(error, 1, (_, count) => count + 1);
                    await Task.Delay(100);
                }
            }
            while (error is not null && way != SoakWay.Chat && started.Elapsed < Patience); // without a key no request may be repeated
            _sent.Add((session, text, error is null));
        }
    }

    private async Task<(int Lost, int Doubled)> CheckAsync()
    {
        var (lost, doubled) = (0, 0);
        foreach (var session in _sent.GroupBy(s => s.Session))
        {
            var inputs = await _client.ReadInputsAsync(_survivor.Url, session.Key);
            lost += session.Count(s => s.Acknowledged && !inputs.Contains(s.Text));
            doubled += inputs.Count - inputs.Distinct().Count();
            lost += inputs.Except(session.Select(s => s.Text)).Count(); // and nothing is stored that was not sent
        }

        return (lost, doubled);
    }

    private static string WriteConfig(string upstream)
    {
        var path = Path.Combine(
            Path.GetTempPath(), string.Create(CultureInfo.InvariantCulture, $"openclaw-soak-{Environment.ProcessId}.json"));
        File.WriteAllText(path, $$"""
            {
              gateway: { auth: { token: '{{Token}}' }, http: { endpoints: { chatCompletions: { enabled: true }, responses: { enabled: true } } } },
              storage: { prefix: 'soak{{Environment.ProcessId}}', leaseSeconds: 5 },
              models: { providers: { bench: { baseUrl: '{{upstream}}', models: [{ id: 'bench-model' }] } } },
            }
            """);
        return path;
    }

    private static void Print(string name, double value) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-36} {value,9:0.##}"));
}
