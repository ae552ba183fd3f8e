using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using OpenClaw.Configuration;
using OpenClaw.Gateway.Channels.Outbox;
using OpenClaw.Storage;
using Xunit;

namespace OpenClaw.Tests.Support.Gateways;

/// <summary>A gateway that takes hooks, with a scripted model that echoes. Calls show the hook token and nothing else.</summary>
public sealed class HookGateway : IAsyncDisposable
{
    public const string Token = "hook-token-7a1d0c55e2";

    /// <summary><c>hooks.callbackSecret</c>, where a test sets it.</summary>
    public const string CallbackSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    private readonly HttpClient _client;

    private HookGateway(ScriptedUpstream upstream, GatewayHost host)
    {
        (Upstream, Host) = (upstream, host);
        _client = new HttpClient(
            new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false })
        { BaseAddress = new Uri(host.Url) };
    }

    public ScriptedUpstream Upstream { get; }

    public GatewayHost Host { get; }

    /// <summary>The last thing that the model was told, in each call.</summary>
    public IReadOnlyList<string> Asked => [.. Upstream.Requests.Select(LastUserText)];

    /// <param name="hooks">Keys of the section beside <c>enabled</c> and <c>token</c>, as JSON5.</param>
    /// <param name="prefix">Of storage, to start a second instance.</param>
    public static async Task<HookGateway> StartAsync(
        StorageAccount storage, string hooks = "", Action<GatewayConfig>? configure = null, Action<IServiceCollection>? services = null,
        string? prefix = null)
    {
        var parsed = TestConfig.Parse($"{{ hooks: {{ enabled: true, token: '{Token}', {hooks} }} }}");
        Assert.True(parsed.Config is not null, string.Join('\n', parsed.Errors));
        var upstream = await ScriptedUpstream.StartAsync();
        var host = await GatewayHost.StartAsync(
            storage,
            config =>
            {
                config.Hooks = parsed.Config.Hooks;
                config.Storage.Prefix = prefix ?? config.Storage.Prefix;
                config.Models.Providers = new Dictionary<string, ProviderSection>
                {
                    ["mock"] = upstream.ProviderConfig("openai-completions", "m", "n"),
                };
                config.Agents.Defaults.Model = new AgentModelSection { Primary = "mock/m" };
                config.Agents.Entries = new Dictionary<string, AgentSection> { ["main"] = new() { Default = true }, ["other"] = new() };
                configure?.Invoke(config);
            },
            collection =>
            {
                collection.AddSingleton(new DeliveryOptions { FirstPause = TimeSpan.FromMilliseconds(20), MostFailures = 4 });
                services?.Invoke(collection);
            });
        return new HookGateway(upstream, host);
    }

    /// <summary>Calls a hook with the token; a header of the same name takes its place, an empty one takes it away.</summary>
    public Task<HttpResponseMessage> PostAsync(string path, string body, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Post, path, body, headers);

    public Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, string? body, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) { Headers = { ContentType = new("application/json") } };
        }

        var all = headers.Any(h => h.Name == "Authorization") ? headers : [("Authorization", "Bearer " + Token), .. headers];
        foreach (var (name, value) in all.Where(h => h.Value.Length > 0))
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return _client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    /// <summary>A call that is answered 200.</summary>
    public async Task<JsonElement> PostOkAsync(string path, string body, params (string Name, string Value)[] headers)
    {
        using var answer = await PostAsync(path, body, headers);
        var json = await answer.ReadJsonAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{(int)answer.StatusCode} {json.GetRawText()}");
        Assert.True(json.GetProperty("ok").GetBoolean());
        return json;
    }

    /// <summary>Status and code of a call that is refused, in the shape of hooks.</summary>
    public async Task<(int Status, string Code)> PostFailureAsync(string path, string body, params (string Name, string Value)[] headers)
    {
        using var answer = await PostAsync(path, body, headers);
        return await ReadFailureAsync(answer);
    }

    public static async Task<(int Status, string Code)> ReadFailureAsync(HttpResponseMessage answer)
    {
        var json = await answer.ReadJsonAsync();
        Assert.False(json.GetProperty("ok").GetBoolean());
        Assert.NotEmpty(json.GetProperty("error").GetProperty("message").GetString()!);
        return ((int)answer.StatusCode, json.GetProperty("error").GetProperty("type").GetString()!);
    }

    /// <summary>Waits for the end of a run.</summary>
    /// <returns>What <c>GET /api/runs/{id}</c> says then.</returns>
    public async Task<JsonElement> EndOfAsync(string runId)
    {
        using var follow = new HttpRequestMessage(
            HttpMethod.Get, $"/api/runs/{runId}/events")
        { Headers = { Accept = { new("text/event-stream") } } };
        using var events = await Host.Client.SendAsync(follow, TestContext.Current.CancellationToken);
        await events.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return await Host.GetDataAsync($"/api/runs/{runId}");
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await Host.DisposeAsync();
        await Upstream.DisposeAsync();
    }

    private static string LastUserText(UpstreamRequest request) =>
        request.Body.GetProperty("messages").EnumerateArray()
            .Last(m => m.GetProperty("role").GetString() == "user").GetProperty("content") is
        { ValueKind: JsonValueKind.String } text ? text.GetString()! : request.Body.GetRawText();
}
