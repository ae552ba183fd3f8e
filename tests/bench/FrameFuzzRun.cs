using System.Globalization;
using OpenClaw.Tests.Support.Realtime.Fuzz;

namespace OpenClaw.Bench;

/// <summary>Sends changed messages to the control plane of a gateway, in each of its dialects: each ends in an answer or a clean close, and
/// the gateway logs no failure of its own. See <see cref="FrameFuzz"/>.</summary>
internal static class FrameFuzzRun
{
    private const string Token = "bench-token-5d21c0";

    public static async Task<int> RunAsync(string gateway, int count, int seed, string? only = null)
    {
        var config = Path.Combine(Directory.CreateTempSubdirectory("openclaw-bench").FullName, "openclaw.json");
        await File.WriteAllTextAsync(config, $$"""
            { gateway: { auth: { token: "{{Token}}" }, http: { rateLimit: { requestsPerMinute: 0 } } },
              models: { providers: { echo: { api: "echo", models: [{ id: "echo" }] } } },
              agents: { defaults: { model: "echo/echo" } }, storage: { prefix: "f{{Guid.NewGuid().ToString("N")[..10]}}" } }
            """);
        using var server = await Server.StartAsync(gateway, ["gateway", "start", "--port", "0", "--config", config], Token);
        var wrong = 0;
        foreach (var (name, dialect) in FrameDialect.All(new Uri(server.Url), server.Token!).Where(d => only is null || d.Key == only))
        {
            var fuzz = new FrameFuzz(dialect);
            await fuzz.RunAsync(count, seed, CancellationToken.None);
            wrong += fuzz.Faults.Count;
            foreach (var fault in fuzz.Faults.Take(20))
            {
                Console.Error.WriteLine($"{name}: {fault}");
            }

            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{name}: {count} messages from seed {seed}: {fuzz.Summary}; {fuzz.Faults.Count} wrong, gateway at {server.Rss:F0} MB"));
        }

        foreach (var failure in server.Failures.Take(20))
        {
            Console.Error.WriteLine(failure);
        }

        return wrong + server.Failures.Count == 0 ? 0 : 1;
    }
}
