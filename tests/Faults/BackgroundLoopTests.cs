using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using OpenClaw.Configuration;
using OpenClaw.Functions.Hosts.SelfHost;
using OpenClaw.Storage;
using OpenClaw.Tests.EndToEnd;
using OpenClaw.Tests.Hosts.FunctionsWorker;
using OpenClaw.Tests.Hosts.SelfHost;
using OpenClaw.Tests.Support;
using Xunit;

namespace OpenClaw.Tests.Faults;

/// <summary>Work that a gateway repeats in the background outlives an outage of storage, and its log does not fill with it.</summary>
[Trait("Feature", "R11")]
public partial class BackgroundLoopTests(AzuriteFixture azurite)
{
    private const int Ticks = 5;

    private const int MostTurns = 10_000;

    /// <summary>Loops whose faults other tests cause, and timers that fire once or read nothing that can fail.</summary>
    private static readonly Dictionary<string, string> Elsewhere = new(StringComparer.Ordinal)
    {
        ["TimerService"] = nameof(TimerServiceTests), // and the timers in BackgroundLoop
        ["RunJournal"] = nameof(StorageFaultTests),
        ["SessionTurn"] = nameof(StorageFaultTests),
        ["ConfigReload"] = nameof(ConfigReloadTests),
        ["HostWatch"] = nameof(LifetimeTests),
        ["MediaLeftovers"] = "looks once, at the start",
        ["MediaWorkers"] = "ends idle processes",
        ["ModelCatalog"] = "closes old connections once",
        ["Shutdown"] = "fires once",
        ["WorkerLifetime"] = "fires once",
        ["ForwardedRequests"] = "forgets one request",
        ["StalledReaders"] = "cuts one connection",
        ["SseResult"] = "sends comments of one answer",
        ["ControlConnection"] = "ends one connection",
        ["HubTransport"] = "ends one connection",
        ["ChangeThrottle"] = "fires once",
        ["PresenceBoard"] = "tells the clients of this process, reads no storage",
    };

    public static TheoryData<string> Loops => [.. BackgroundLoop.All.Keys];

    [Theory]
    [MemberData(nameof(Loops))]
    public async Task A_loop_goes_on_after_an_outage_of_storage_and_logs_it_once(string name)
    {
        var loop = BackgroundLoop.All[name];
        await using var network = await FaultProxy.StartAsync(azurite.ConnectionString);
        await using var upstream = await ScriptedUpstream.StartAsync();
        using var storage = StorageAccount.Parse(network.ConnectionString, retry: new StorageRetryOptions { MaxTries = 1 });
        var clock = new WatchedTimeProvider();
        await using var gateway = await GatewayHost.StartAsync(
            storage,
            c => c.Models.Providers = new Dictionary<string, ProviderSection> { ["mock"] = upstream.ProviderConfig() },
            s => loop.Configure(
                s.AddSingleton<TimeProvider>(clock).AddHostedService<TimerService>().AddHostedService<WakeUpPoller>()));
        await using var use = await loop.BeginAsync(gateway, upstream);
        await TickAsync(network.Watch(loop.Reads));
        for (var outage = 1; outage <= 2; outage++)
        {
            network.Clear();
            await TickAsync(network.On(loop.Reads, StorageFaults.Busy(), int.MaxValue), () => Lines() >= outage);
            network.Clear();
            await TickAsync(network.Watch(loop.Reads));
        }

        Assert.Equal(loop.Log is null ? 0 : 2, Lines());

        int Lines() => loop.Log is null ? 0 : Regex.Count(gateway.Log, Regex.Escape(loop.Log));

        async Task TickAsync(FaultRule rule, Func<bool>? until = null)
        {
            for (var (ticks, turns) = (0, 0); ticks < Ticks || (loop.Log is not null && until?.Invoke() == false); turns++)
            {
                Assert.True(turns < MostTurns, $"{ticks} ticks, {gateway.Log}");
                await use.BeforeTickAsync();
                await clock.WaitForTimerAsync(TimeSpan.FromSeconds(1)); // the poller of wake-ups waits again
                clock.Advance(loop.Step);
                await Task.Yield();
                if (rule.Hit.IsCompleted)
                {
                    ticks++;
                    _ = rule.Again();
                }
            }
        }
    }

    [Fact]
    public void Every_loop_has_a_place_here()
    {
        var found = Directory.EnumerateFiles(Path.Combine(Repository.Root, "shared"), "*.cs", SearchOption.AllDirectories)
            .Concat(Directory.EnumerateFiles(Path.Combine(Repository.Root, "functions"), "*.cs", SearchOption.AllDirectories))
            .Where(static path => !path.Split(Path.DirectorySeparatorChar).Contains("obj"))
            .SelectMany(static path => LoopsOf(Path.GetFileNameWithoutExtension(path), File.ReadAllText(path)))
            .Distinct().Order(StringComparer.Ordinal);

        Assert.Equal(BackgroundLoop.All.Keys.Concat(Elsewhere.Keys).Order(StringComparer.Ordinal), found);
    }

    private static IEnumerable<string> LoopsOf(string file, string source) =>
        Timers().Matches(source).Select(static m => m.Groups[1].Value)
            .Concat(RepeatedWork().IsMatch(source) ? [file.Split('.')[0]] : []);

    [GeneratedRegex(@"\.AddTimer<(\w+)>\(static")]
    private static partial Regex Timers();

    [GeneratedRegex(@"\.CreateTimer\(|: BackgroundService\b|new PeriodicTimer\(")]
    private static partial Regex RepeatedWork();
}
