using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using OpenClaw.Tests.Core.Media;

namespace OpenClaw.Bench;

/// <summary>As many damaged files of each kind through the media worker as asked for. Fails when one ends in anything but content or a
/// clear
/// refusal, or when a process or a temporary folder is left.</summary>
internal static class MediaFuzzRun
{
    /// <summary>Milliseconds; files that take more are named.</summary>
    private const long Slow = 5_000;

    public static async Task<int> RunAsync(string samples, string gateway, int count, int seed, IReadOnlyList<string> kinds)
    {
        var options = MediaCorpus.Options(gateway);
        var bugs = 0;
        using (var workers = MediaCorpus.Start(options))
        {
            var mutations = new MediaMutations(samples);
            foreach (var kind in kinds)
            {
                bugs += await RunAsync(mutations, new MediaFuzz(workers), kind, count, seed, options.Places);
            }
        }

        var folders = Directory.GetDirectories(Path.GetTempPath(), "openclaw-media-*").Length;
        Console.WriteLine($"{CountChildren()} processes left, {folders} temporary folders of all gateways here");
        return bugs == 0 && CountChildren() == 0 ? 0 : 1;
    }

    private static async Task<int> RunAsync(MediaMutations mutations, MediaFuzz fuzz, string kind, int count, int seed, int parallel)
    {
        var outcomes = new ConcurrentDictionary<string, int>(StringComparer.Ordinal);
        var (clock, next, read, slowest) = (Stopwatch.StartNew(), -1, 0, 0L);
        await Task.WhenAll(Enumerable.Range(0, parallel).Select(async lane =>
        {
            while (Volatile.Read(ref read) < count)
            {
                var number = Interlocked.Increment(ref next);
                var start = clock.ElapsedMilliseconds;
                var outcome = await fuzz.TryAsync(kind, mutations.Make(kind, seed, number), $"lane {lane}");
                outcomes.AddOrUpdate(outcome, 1, static (_, seen) => seen + 1);
                Interlocked.Add(ref read, outcome == MediaFuzz.NoImage ? 0 : 1);
                var taken = clock.ElapsedMilliseconds - start;
                slowest = Math.Max(slowest, taken);
                if (outcome.StartsWith(MediaFuzz.Bug, StringComparison.Ordinal) || taken > Slow)
                {
                    Console.WriteLine(string.Create(
                        CultureInfo.InvariantCulture, $"{kind}, seed {seed}, case {number}: {outcome} after {taken} ms"));
                }
            }
        }));
        var words = string.Join(
            ", ", outcomes.OrderByDescending(static o => o.Value).Select(
            static o => string.Create(CultureInfo.InvariantCulture, $"{o.Value} {o.Key}")));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{kind}: {read} through the worker in {clock.Elapsed.TotalSeconds:F0} s, slowest {slowest} ms: {words}"));
        return outcomes.Where(static o => o.Key.StartsWith(MediaFuzz.Bug, StringComparison.Ordinal)).Sum(static o => o.Value);
    }

    private static int CountChildren() => Directory.GetDirectories("/proc")
        .Where(static folder => int.TryParse(Path.GetFileName(folder), out _))
        .Count(static folder =>
        {
            try
            {
                return File.ReadAllText(Path.Combine(folder, "stat")).Split(") ")[^1].Split(' ')[1] == Environment.ProcessId.ToString(
                    CultureInfo.InvariantCulture);
            }
            catch (IOException)
            {
                return false;
            }
        });
}
