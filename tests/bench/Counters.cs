using System.Globalization;

namespace OpenClaw.Bench;

/// <summary>What a gateway counts about itself; see <c>StartupHook</c>.</summary>
/// <param name="Allocated">Bytes since its start.</param>
/// <param name="StorageCalls">HTTP requests to storage; 0 when they are not counted.</param>
internal sealed record Counters(long Allocated, long StorageCalls)
{
    public const string FileVariable = "OPENCLAW_BENCH_COUNTERS";

    /// <summary>The ports of the storage services; absent leaves requests uncounted, which costs CPU.</summary>
    public const string PortsVariable = "OPENCLAW_BENCH_PORTS";

    /// <summary>Waits until the counters are newer than this call.</summary>
    public static async Task<Counters> ReadAsync(string file)
    {
        var now = DateTime.UtcNow;
        do
        {
            await Task.Delay(100);
        }
        while (File.GetLastWriteTimeUtc(file) < now.AddMilliseconds(100));
        var parts = (await File.ReadAllTextAsync(file)).Split(' ');
        return new(long.Parse(parts[0], CultureInfo.InvariantCulture), long.Parse(parts[1], CultureInfo.InvariantCulture));
    }
}
