using Microsoft.Extensions.Logging;
using OpenClaw.Configuration;
using OpenClaw.Outbound;
using OpenClaw.Storage;
using OpenClaw.Telemetry;
using OpenClaw.Tests.Support;
using Xunit;

namespace OpenClaw.Tests.Core.Outbound;

/// <summary>A fetcher with the fake internet before it.</summary>
public sealed class Fetching : IAsyncDisposable
{
    private readonly StringWriter _log = new();
    private readonly ILoggerFactory _loggers;
    private readonly StorageAccount? _storage;

    private Fetching(FakeInternet internet, Action<GatewayConfig>? configure, TimeProvider? time, Dictionary<string, string>? environment,
        string? storage)
    {
        Internet = internet;
        var config = new GatewayConfig();
        configure?.Invoke(config);
        _storage = storage is null ? null : StorageAccount.Parse(storage);
        var store = new GatewayConfigStore(config);
        Hosts = new HostRules(store, new GatewayStorage(_storage, store)) { Environment = name => environment?.GetValueOrDefault(name) };
        var lines = new LineLoggerProvider(TextWriter.Synchronized(_log), new Redactor(), TimeProvider.System, LogLevel.Debug);
        _loggers = LoggerFactory.Create(logging => logging.SetMinimumLevel(LogLevel.Debug).AddProvider(lines));
        Fetcher = new GuardedFetcher(internet.Network, Hosts, store, time ?? TimeProvider.System, _loggers.CreateLogger<GuardedFetcher>());
    }

    public FakeInternet Internet { get; }

    public HostRules Hosts { get; }

    public GuardedFetcher Fetcher { get; }

    public string Log => _log.ToString();

    public static async Task<Fetching> StartAsync(
        Action<GatewayConfig>? configure = null,
        TimeProvider? time = null,
        Dictionary<string, string>? environment = null,
        string? storage = null) => new(await FakeInternet.StartAsync(), configure, time, environment, storage);

    public Task<FetchedContent> GetAsync(string url, FetchPolicy? policy = null) =>
        Fetcher.GetAsync(url, policy ?? new(), TestContext.Current.CancellationToken);

    public async Task<FetchFailure> FailAsync(string url, FetchPolicy? policy = null) =>
        (await Assert.ThrowsAsync<FetchException>(() => GetAsync(url, policy))).Failure;

    public async ValueTask DisposeAsync()
    {
        Fetcher.Dispose();
        _loggers.Dispose();
        _storage?.Dispose();
        await Internet.DisposeAsync();
    }
}
