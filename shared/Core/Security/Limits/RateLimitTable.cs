using System.Globalization;
using Microsoft.Extensions.Logging;
using OpenClaw.Storage;
using OpenClaw.Text;

namespace OpenClaw.Security.Limits;

/// <summary>The share of each credential that all instances draw from: one row, changed by compare-and-set.</summary>
public sealed partial class RateLimitTable(GatewayStorage storage, TimeProvider time, ILogger<RateLimitTable> logger)
{
    public const string TableName = "ratelimits";

    /// <summary>Seconds after which an instance that drew nothing no longer counts.</summary>
    private const int Presence = 120;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly string _instance = RandomId.Create("")[..8];

    public bool IsConfigured => storage.IsConfigured;

    /// <summary>Charges what was handed out already, however much, and takes what is wanted as far as the limit allows.</summary>
    /// <returns>Null when storage is down or takes over 2 s; then almost nothing has been charged.</returns>
    public async Task<RateLease?> DrawAsync(string subject, long limit, long spent, long wanted)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        try
        {
            var table = storage.Table(TableName);
            var partition = Secret.HashName("rate", subject);
            while (true)
            {
                var row = await table.GetAsync<RateLimitRow>(partition, RateLimitRow.RowKey, patience.Token);
                var now = time.GetUtcNow().ToUnixTimeSeconds();
                var window = RateWindow.Parse(row?.Used);
                var instances = Seen(row?.Instances, now);
                var granted = Math.Clamp(limit - window.Sum(now) - spent, 0, wanted);
                if (spent + granted == 0)
                {
                    return new RateLease(window, 0, instances.Count);
                }

                window.Add(now, spent + granted);
                var next = new RateLimitRow(partition, window, instances);
                try
                {
                    await (row is null ? table.InsertAsync(next, patience.Token) : table.ReplaceAsync(next, row.ETag, patience.Token));
                    return new RateLease(window, granted, instances.Count);
                }
                catch (StorageException conflict) when (conflict.Status is 404 or 409 or 412)
                {
                    // Another instance was faster; giving up would let this one decide alone, so patience is the only limit.
                }
            }
        }
        catch (Exception failure) when (failure is StorageException or OperationCanceledException)
        {
            LogUnavailable(failure);
            return null;
        }
    }

    /// <summary>The instances that drew lately, this one among them, each with the second it did.</summary>
    private Dictionary<string, long> Seen(string? text, long now)
    {
        var seen = new Dictionary<string, long>(StringComparer.Ordinal) { [_instance] = now };
        foreach (var part in (text ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (part.Split(':') is [var id, var at] && long.TryParse(at, NumberStyles.None, CultureInfo.InvariantCulture, out var second)
                && second + Presence > now && seen.Count < 1_000)
            {
                seen.TryAdd(id, second);
            }
        }

        return seen;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Requests are limited by this instance alone: storage does not answer")]
    private partial void LogUnavailable(Exception failure);
}
