using OpenClaw.Configuration;
using Xunit;

namespace OpenClaw.Tests.Support.Gateways;

/// <summary>The same gateway under both hosts, each started when the first test asks for it. Its clients send no credentials.</summary>
public abstract class TwoHosts : IAsyncLifetime
{
    /// <summary>An origin whose pages may call.</summary>
    public const string Friend = "https://app.example.com";

    /// <summary>An origin whose pages may not.</summary>
    public const string Stranger = "https://evil.example.com";

    private readonly Dictionary<string, string> _settings;
    private readonly AzuriteFixture _azurite;
    private readonly Lazy<Task<GatewayHost>> _selfHost;
    private readonly Lazy<Task<FunctionsHost>> _worker;

    /// <param name="azurite">Its storage.</param>
    /// <param name="settings">Environment variables beside those of every test gateway.</param>
    protected TwoHosts(AzuriteFixture azurite, Dictionary<string, string> settings)
    {
        _azurite = azurite;
        _settings = new(settings)
        {
            ["OPENCLAW__gateway__http__endpoints"] =
                "{chatCompletions: {enabled: true}, responses: {enabled: true}, messages: {enabled: true}, mcp: {enabled: true}}",
            ["OPENCLAW__gateway__http__cors__origins"] = $"['{Friend}', 'app://desk.example']",
            ["OPENCLAW__gateway__auth__rateLimit__maxAttempts"] = "1000000",
            ["OPENCLAW__agents__defaults__model"] = "echo/echo",
            ["OPENCLAW__models__providers"] = "{echo: {api: 'echo'}}",
        };
        _selfHost = new(StartSelfHostAsync);
        _worker = new(StartWorkerAsync);
    }

    public async Task<HttpClient> ClientAsync(bool isWorker) => isWorker ? (await _worker.Value).Client : (await _selfHost.Value).Client;

    /// <summary>The self-host alone.</summary>
    public Task<GatewayHost> SelfHostAsync() => _selfHost.Value;

    /// <summary>Sends one request.</summary>
    /// <param name="body">JSON; null for none.</param>
    public async Task<HttpResponseMessage> SendAsync(
        bool isWorker, HttpMethod method, string path, string? body = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = new StringContent(body, null, "application/json");
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await (await ClientAsync(isWorker)).SendAsync(request);
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_selfHost.IsValueCreated)
        {
            await (await _selfHost.Value).DisposeAsync();
        }

        if (_worker.IsValueCreated)
        {
            await (await _worker.Value).DisposeAsync();
        }
    }

    private async Task<GatewayHost> StartSelfHostAsync()
    {
        var loaded = TestConfig.Parse("{}", _settings).Config!;
        var gateway = await GatewayHost.StartAsync(_azurite.StorageAccount, configure: config => Take(config, loaded));
        gateway.Client.DefaultRequestHeaders.Authorization = null;
        return gateway;

        static void Take(GatewayConfig config, GatewayConfig loaded) =>
            (config.Gateway, config.Models, config.Agents) = (loaded.Gateway, loaded.Models, loaded.Agents);
    }

    private Task<FunctionsHost> StartWorkerAsync() => FunctionsHost.StartAsync(new(_settings)
    {
        ["DataStorage"] = _azurite.ConnectionString,
        ["OPENCLAW__storage__prefix"] = "t" + Guid.NewGuid().ToString("N")[..12],
    });
}

/// <summary>Callers show the gateway's token.</summary>
public sealed class TokenHosts(AzuriteFixture azurite)
    : TwoHosts(azurite, new() { ["OPENCLAW_GATEWAY_TOKEN"] = GatewayHost.Token })
{
    public static (string Name, string Value) Token => ("Authorization", $"Bearer {GatewayHost.Token}");
}

/// <summary>Callers show nothing: mode <c>none</c>.</summary>
public sealed class OpenHosts(AzuriteFixture azurite) : TwoHosts(azurite, new() { ["OPENCLAW__gateway__auth__mode"] = "none" });
