using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using OpenClaw.Configuration;
using OpenClaw.Functions.Hosts.SelfHost;
using OpenClaw.Storage;

namespace OpenClaw.Tests.Support;

/// <summary>A self-hosted gateway inside the test process, on a real socket, over real storage. Without changes it has the echo
/// model, all endpoints on, and a token.</summary>
public sealed class GatewayHost : IAsyncDisposable
{
    public const string Token = "test-token-4f1c9a7be2d8";

    private readonly WebApplication _app;
    private readonly StringWriter _log;
    private readonly TextWriter _writer;

    private GatewayHost(WebApplication app, StringWriter log, TextWriter writer)
    {
        (_app, _log, _writer) = (app, log, writer);
        Url = SelfHostGateway.UrlOf(app);
        Client = new HttpClient(
            new SocketsHttpHandler { UseProxy = false })
        { BaseAddress = new Uri(Url), Timeout = TimeSpan.FromMinutes(2) };
        Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
    }

    public string Url { get; }

    /// <summary>Sends the right token.</summary>
    public HttpClient Client { get; }

    public IServiceProvider Services => _app.Services;

    /// <summary>What the names of its tables, containers and queues begin with.</summary>
    public string Prefix => Services.GetRequiredService<GatewayConfigStore>().Current.Storage.Prefix;

    /// <summary>Everything logged so far.</summary>
    public string Log
    {
        get
        {
            lock (_writer) // as it does itself while it writes
            {
                return _log.ToString();
            }
        }
    }

    /// <param name="storage">Null for a gateway that has none.</param>
    /// <param name="configure">Changes the configuration before the start.</param>
    /// <param name="services">Replaces services, such as the clock.</param>
    public static async Task<GatewayHost> StartAsync(
        StorageAccount? storage = null, Action<GatewayConfig>? configure = null, Action<IServiceCollection>? services = null)
    {
        var config = new GatewayConfig();
        config.Gateway.Auth.Token = Token;
        config.Gateway.Http.Endpoints.ChatCompletions.Enabled = true;
        config.Gateway.Http.Endpoints.Responses.Enabled = true;
        config.Gateway.Http.Endpoints.Messages.Enabled = true;
        config.Storage.Prefix = "t" + Guid.NewGuid().ToString("N")[..12];
        configure?.Invoke(config);
        var log = new StringWriter();
        var writer = TextWriter.Synchronized(log);
        var app = SelfHostGateway.Build(
            new SelfHostOptions(config, 0, storage)
            {
                Output = writer,
                LogLevel = LogLevel.Debug,
                Services = services,
                RunsTimers = false, // tests that turn the clock call what they mean
            });
        await app.StartAsync();
        return new GatewayHost(app, log, writer);
    }

    /// <summary>Posts JSON text as it is.</summary>
    public Task<HttpResponseMessage> PostAsync(string path, string json, Action<HttpRequestMessage>? change = null, bool stream = false)
    {
        var request = new HttpRequestMessage(
            HttpMethod.Post, path)
        { Content = new StringContent(json, Encoding.UTF8, "application/json") };
        change?.Invoke(request);
        return Client.SendAsync(request, stream ? HttpCompletionOption.ResponseHeadersRead : HttpCompletionOption.ResponseContentRead);
    }

    public Task<HttpResponseMessage> PostChatAsync(string json, Action<HttpRequestMessage>? change = null, bool stream = false) =>
        PostAsync("/v1/chat/completions", json, change, stream);

    /// <summary>Moves the clock on until something happens, no faster than the gateway works: a request goes by at each step.</summary>
    public async Task<T> WhileTimeGoesOnAsync<T>(Task<T> task, FakeTimeProvider clock, TimeSpan step)
    {
        while (!task.IsCompleted)
        {
            using var answer = await Client.GetAsync("/health");
            if (!task.IsCompleted)
            {
                clock.Advance(step);
            }
        }

        return await task;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}

/// <summary>Reads answers in tests.</summary>
public static class AnswerReading
{
    public static async Task<JsonElement> ReadJsonAsync(this HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync();
        try
        {
            return JsonElement.Parse(text);
        }
        catch (JsonException)
        {
            throw new InvalidOperationException($"{(int)answer.StatusCode} with a body that is not JSON: {text}");
        }
    }

    /// <summary>The OpenAI error of an answer, all four keys checked.</summary>
    public static async Task<(string Code, string? Param, string Message)> ReadErrorAsync(this HttpResponseMessage answer)
    {
        var error = (await answer.ReadJsonAsync()).GetProperty("error");
        error.GetProperty("type").GetString();
        return (error.GetProperty("code").GetString()!, error.GetProperty("param").GetString(), error.GetProperty("message").GetString()!);
    }

    /// <summary>The <c>data:</c> payloads of a finished SSE answer.</summary>
    public static async Task<List<string>> ReadEventsAsync(this HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync();
        return [.. text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries)
            .Where(e => !e.StartsWith(':'))
            .Select(e => e.Split('\n').Single(l => l.StartsWith("data: ", StringComparison.Ordinal))[6..])];
    }
}
