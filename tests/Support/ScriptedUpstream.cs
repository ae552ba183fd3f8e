using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using OpenClaw.Configuration;

namespace OpenClaw.Tests.Support;

/// <summary>
/// A model provider that does what a test says, over real sockets on loopback. Requests take the steps queued with
/// <see cref="Next"/> in order of arrival, then <see cref="Always"/>, then the default: it echoes the last user text as an
/// OpenAI-compatible or Anthropic stream (chat completions, responses, messages), or answers embeddings and <c>/models</c>.
/// <code>
/// await using var upstream = await ScriptedUpstream.StartAsync();
/// var gate = new TaskCompletionSource();
/// upstream.Next(async call =>
/// {
///     await call.StartStreamAsync();
///     await call.SendDeltaAsync("Hel");
///     await gate.Task;
///     await call.FinishAsync();
/// });
/// config.Models.Providers["mock"] = upstream.ProviderConfig();
/// …
/// Assert.Equal("Hi", upstream.Requests[0].Body.GetProperty("messages")[0].GetProperty("content").GetString());
/// </code>
/// </summary>
public sealed class ScriptedUpstream : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<Func<UpstreamCall, Task>> _steps = new();
    private readonly Lock _lock = new();
    private readonly List<UpstreamRequest> _requests = [];
    private readonly List<(int Count, TaskCompletionSource Reached)> _waiters = [];
    private Func<UpstreamCall, Task>? _always;

    private ScriptedUpstream(WebApplication app) => _app = app;

    /// <summary>Such as <c>http://127.0.0.1:41234/v1</c>.</summary>
    public string BaseUrl => _app.Urls.First() + "/v1";

    /// <summary>What arrived so far, bodies read to their end.</summary>
    public IReadOnlyList<UpstreamRequest> Requests
    {
        get
        {
            lock (_lock)
            {
                return [.. _requests];
            }
        }
    }

    public static async Task<ScriptedUpstream> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = null);
        var app = builder.Build();
        var upstream = new ScriptedUpstream(app);
        app.Run(upstream.HandleAsync);
        await app.StartAsync();
        return upstream;
    }

    /// <summary>Queues what to do with the next request that has no step yet.</summary>
    public ScriptedUpstream Next(Func<UpstreamCall, Task> step)
    {
        _steps.Enqueue(step);
        return this;
    }

    /// <summary>Sets what to do whenever the queue is empty; null restores the default.</summary>
    public ScriptedUpstream Always(Func<UpstreamCall, Task>? step)
    {
        _always = step;
        return this;
    }

    /// <summary>Queues an answer of one status, such as <c>NextStatus(429, "{}", ("Retry-After", "2"))</c>.</summary>
    public ScriptedUpstream NextStatus(int status, string body = "{}", params (string Name, string Value)[] headers) =>
        Next(call => call.RespondAsync(status, body, headers: headers));

    /// <summary>The request with this number, from 0; waits until it is here.</summary>
    public async Task<UpstreamRequest> RequestAsync(int number)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (_requests.Count > number)
            {
                return _requests[number];
            }

            _waiters.Add((number, reached));
        }

        await reached.Task;
        return Requests[number];
    }

    /// <summary>A provider section that leads here. Without models it passes any id through.</summary>
    public ProviderSection ProviderConfig(string api = "openai-completions", params string[] models) => new()
    {
        BaseUrl = api == "azure-openai" ? BaseUrl[..^3] : BaseUrl, // what Azure calls an endpoint has no version
        ApiKey = "sk-test-upstream",
        Api = api,
        Models = [.. models.Select(id => new ModelSection { Id = id })],
    };

    /// <summary>A configuration with this as its only provider, offering one model: <c>mock/test-model</c>.</summary>
    public GatewayConfig GatewayConfig(string api = "openai-completions", string providerId = "mock", string modelId = "test-model") =>
        new()
        {
            Models = new ModelsSection
            {
                Providers = new Dictionary<string, ProviderSection> { [providerId] = ProviderConfig(api, modelId) },
            },
        };

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    private async Task HandleAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var request = new UpstreamRequest(
            context.Request.Method,
            context.Request.Path.Value + context.Request.QueryString,
            context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            body.Length > 0 ? JsonElement.Parse(body.ToArray()) : default);
        lock (_lock)
        {
            _requests.Add(request);
            _waiters.RemoveAll(waiter => waiter.Count < _requests.Count && waiter.Reached.TrySetResult());
        }

        var call = new UpstreamCall(context, request);
        var step = _steps.TryDequeue(out var queued) ? queued : _always ?? UpstreamDefaults.AnswerAsync;
        try
        {
            await step(call);
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            // The gateway left; the test sees it through ClientGone.
        }
    }
}

/// <summary>One request as it arrived.</summary>
/// <param name="Headers">Names are case-insensitive.</param>
/// <param name="Body">Undefined when there was none.</param>
public sealed record UpstreamRequest(string Method, string Path, IReadOnlyDictionary<string, string> Headers, JsonElement Body);
