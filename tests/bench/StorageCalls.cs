using System.Globalization;
using Azure.Data.Tables;
using OpenClaw.Storage;
using OpenClaw.Storage.Tables;

namespace OpenClaw.Bench;

/// <summary>CPU and allocations of this process for one call of each kind, one after the other.</summary>
internal static class StorageCalls
{
    private const int Calls = 1500;

    private static readonly string Text = new('x', 400);

    public static async Task RunAsync()
    {
        using var account = StorageAccount.Parse(Environment.GetEnvironmentVariable("DataStorage")!);
        var name = $"bench{Guid.NewGuid():N}";
        var (table, queue) = (account.Table(name), account.Queue(name));
        var rows = 0;
        string NewKey() => string.Create(CultureInfo.InvariantCulture, $"r~{rows++:D8}");
        await MeasureAsync("insert", () => table.InsertAsync(new BenchRow(NewKey()), default));
        await MeasureAsync("upsert", () => table.UpsertAsync(new BenchRow("head"), default));
        await MeasureAsync("get", () => table.GetAsync<BenchRow>("p", "head", default));
        await MeasureAsync("get, none", () => table.GetAsync<BenchRow>("p", "none", default));
        await MeasureAsync("query, 20 rows", () =>
            table.QueryPageAsync<BenchRow>(TableQuery.WithPrefix("p", "r~") with { Top = 20 }, null, default));
        await MeasureAsync("batch of 4", () => table.SubmitAsync(
            new TableBatch().Upsert(new BenchRow("head")).Upsert(new BenchRow("run")).Insert(new BenchRow(NewKey())).Insert(
                new BenchRow(NewKey())), default));
        await MeasureAsync("queue send", () => queue.SendAsync(Text, TimeSpan.FromHours(1), null, default));
        await table.DeleteTableAsync(default);
    }

    private static async Task MeasureAsync(string name, Func<Task> call)
    {
        for (var i = 0; i < Calls / 3; i++)
        {
            await call();
        }

        var (cpu, allocated) = (Environment.CpuUsage.TotalTime, GC.GetTotalAllocatedBytes(precise: true));
        for (var i = 0; i < Calls; i++)
        {
            await call();
        }

        var perCall = (Environment.CpuUsage.TotalTime - cpu).TotalMicroseconds / Calls;
        var bytes = (GC.GetTotalAllocatedBytes(precise: true) - allocated) / (double)Calls;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{"Storage: " + name,-40} {perCall,9:F0} us CPU {bytes / 1024,9:F1} KiB"));
    }

    private sealed class BenchRow : TableRow, ITableRow<BenchRow>
    {
        private BenchRow(TableEntity entity)
            : base(entity)
        {
        }

        public BenchRow(string key)
            : base("p", key)
        {
            (this["Text"], this["Number"], this["At"]) = (new string('x', 400), 5L, DateTimeOffset.UnixEpoch);
            (this["Small"], this["Yes"]) = (1, true);
        }

        public static BenchRow Read(TableEntity entity, StorageClock clock) => new(entity);
    }
}
