using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using OpenClaw.Tests.Support;

namespace OpenClaw.Bench;

/// <summary>Deployed apps as workers under the stand-in host, in turns: start, memory, the cost of a chat, requests that are taken back at
/// once, and the death of the host. The last app is the one that the ratios are of.</summary>
internal static class WorkerBench
{
    private const string Token = "bench-token-0123456789";
    private const int Starts = 7;
    private const int Chats = 2000;
    private const int Parallel = 8;
    private const int Aborts = 1000;

    private const string Chat =
        """{"model":"echo/echo","messages":[{"role":"system","content":"You are a helpful assistant."},{"role":"user","content":"Say something short."}]}""";

    public static async Task<int> RunAsync(IReadOnlyList<string> folders)
    {
        var starts = folders.Select(static _ => new List<double[]>()).ToList();
        for (var round = 0; round < Starts; round++)
        {
            for (var i = 0; i < folders.Count; i++)
            {
                starts[i].Add(await MeasureStartAsync(folders[i]));
            }
        }

        string[] names = ["exec to first 200 (ms)", "exec to first chat (ms)", "CPU by then (ms)", "RSS then (MB)"];
        for (var row = 0; row < names.Length; row++)
        {
            Print(names[row], starts.Select(runs => Median(runs.Select(r => r[row]))));
        }

        var loads = new List<double[]>();
        foreach (var folder in folders)
        {
            loads.Add(await MeasureLoadAsync(folder));
        }

        names =
        [
            "CPU per JSON chat (ms)", "chats per second", "RSS after load (MB)", "aborted: not answered after 1 s",
                "aborted: last answer (s)",
            "aborted: failures", "RSS after aborts (MB)", "host killed: worker gone after (s)",
        ];
        for (var row = 0; row < names.Length; row++)
        {
            Print(names[row], loads.Select(l => l[row]));
        }

        return 0;
    }

    private static async Task<double[]> MeasureStartAsync(string folder)
    {
        var clock = Stopwatch.StartNew();
        await using var host = await StartAsync(folder);
        (await host.Client.GetAsync("health")).EnsureSuccessStatusCode();
        var first = clock.Elapsed.TotalMilliseconds;
        await AskAsync(host);
        var process = new ProcessFigures(host.Worker.Process.Id);
        return [first, clock.Elapsed.TotalMilliseconds, process.Cpu.TotalMilliseconds, process.Rss];
    }

    private static async Task<double[]> MeasureLoadAsync(string folder)
    {
        await using var host = await StartAsync(folder);
        await SendAsync(host, Chats);
        var process = new ProcessFigures(host.Worker.Process.Id);
        var (cpu, clock) = (process.Cpu, Stopwatch.StartNew());
        await SendAsync(host, Chats);
        double[] load = [(process.Cpu - cpu).TotalMilliseconds / Chats, Chats / clock.Elapsed.TotalSeconds, process.Rss];

        var known = host.Invocations.All.Count;
        var random = new Random(1);
        clock.Restart();
        await Task.WhenAll(Enumerable.Range(0, Aborts).Select(async _ =>
        {
            using var leaving = new CancellationTokenSource(random.Next(0, 4));
            try
            {
                (await host.Client.GetAsync("health", leaving.Token)).Dispose();
            }
            catch (Exception failure) when (failure is OperationCanceledException or HttpRequestException)
            {
                // As meant.
            }
        }));
        var aborted = host.Invocations.All.Skip(known).ToList();
        await Task.Delay(1000);
        var open = aborted.Count(static i => !i.Result.IsCompleted);
        var results = await Task.WhenAll(aborted.Select(static i => i.Result));
        double[] aborts = [open, clock.Elapsed.TotalSeconds, results.Count(
            static r => r.Status == OpenClaw.Tests.Support.Protocol.StatusResult.Types.Status.Failure), process.Rss];

        clock.Restart();
        await host.DieAsync();
        return [.. load, .. aborts, clock.Elapsed.TotalSeconds];
    }

    private static Task SendAsync(FunctionsHost host, int requests) => Task.WhenAll(Enumerable.Range(0, Parallel).Select(async _ =>
    {
        for (var i = 0; i < requests / Parallel; i++)
        {
            await AskAsync(host);
        }
    }));

    private static async Task AskAsync(FunctionsHost host)
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Post, "v1/chat/completions")
        { Content = new StringContent(Chat, Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        using var answer = await host.Client.SendAsync(request);
        answer.EnsureSuccessStatusCode();
    }

    private static Task<FunctionsHost> StartAsync(string folder) => FunctionsHost.StartAsync(
        new Dictionary<string, string>
        {
            ["OPENCLAW_GATEWAY_TOKEN"] = Token,
            ["OPENCLAW__gateway__http__endpoints__chatCompletions__enabled"] = "true",
            ["OPENCLAW__gateway__http__rateLimit__requestsPerMinute"] = "0",
            ["OPENCLAW__models__providers"] = "{ echo: { api: 'echo', models: [{ id: 'echo' }] } }",
            ["OPENCLAW__agents__defaults__model"] = "echo/echo",
        },
        folder);

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted[sorted.Count / 2];
    }

    private static void Print(string name, IEnumerable<double> values)
    {
        var all = values.ToList();
        var ratio = all.Count > 1 && all[0] != 0 ? string.Create(CultureInfo.InvariantCulture, $"   ratio {all[^1] / all[0],6:F2}") : "";
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{name,-36} {string.Join("  ", all.Select(static v => v.ToString("F2", CultureInfo.InvariantCulture).PadLeft(9)))}{ratio}"));
    }
}
