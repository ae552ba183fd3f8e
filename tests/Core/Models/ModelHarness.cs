using System.Collections.Concurrent;
using Azure.Core;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using OpenClaw.Configuration;
using OpenClaw.Errors;
using OpenClaw.Models;
using OpenClaw.Models.Upstream;
using OpenClaw.Tests.Support;
using Xunit;

namespace OpenClaw.Tests.Core.Models;

/// <summary>A model catalog whose only provider, <c>mock</c>, is a <see cref="ScriptedUpstream"/>. Its clock stands still and its jitter
/// is half.</summary>
internal sealed class ModelHarness : IAsyncDisposable
{
    /// <summary>Longest wait of a test for what must happen; nothing waits this long unless it fails.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private ModelHarness(
        ScriptedUpstream upstream, string api, TimeSpan? retryDelay, Action<ProviderSection>? configure, Func<string?,
            TokenCredential>? credential)
    {
        Upstream = upstream;
        var config = upstream.GatewayConfig(api);
        configure?.Invoke(config.Models.Providers["mock"]);
        Config = new GatewayConfigStore(config);
        var options = new ModelHttpOptions
        {
            TimeProvider = Clock,
            Random = new HalfRandom(),
            RetryBaseDelay = retryDelay ?? TimeSpan.Zero,
            CreateCredential = credential ?? (_ => throw new InvalidOperationException("No identity is expected.")),
        };
        Catalog = new ModelCatalog(Config, options, new ListLogger(Logs));
    }

    public ScriptedUpstream Upstream { get; }

    public WatchedTimeProvider Clock { get; } = new();

    public ConcurrentQueue<string> Logs { get; } = new();

    public GatewayConfigStore Config { get; }

    public ModelCatalog Catalog { get; }

    public IChatClient Client => Catalog.Find("mock/test-model")!.Client;

    public static async Task<ModelHarness> StartAsync(
        string api = "openai-completions",
        TimeSpan? retryDelay = null,
        Action<ProviderSection>? configure = null,
        Func<string?, TokenCredential>? credential = null) =>
        new(await ScriptedUpstream.StartAsync(), api, retryDelay, configure, credential);

    /// <summary>Streams one user message to its end.</summary>
    public async Task<List<ChatResponseUpdate>> StreamAsync(string text = "hi", ChatOptions? options = null)
    {
        var updates = new List<ChatResponseUpdate>();
        await foreach (var update in Client.GetStreamingResponseAsync([new ChatMessage(ChatRole.User, text)], options))
        {
            updates.Add(update);
        }

        return updates;
    }

    public Task<ChatResponse> AskAsync(string text = "hi", ChatOptions? options = null) =>
        Client.GetResponseAsync([new ChatMessage(ChatRole.User, text)], options);

    public async Task<GatewayError> FailAsync() =>
        (await Assert.ThrowsAsync<GatewayException>(() => AskAsync().WaitAsync(Patience))).Error;

    /// <summary>Has the next request answered with these events, each framed as <c>data:</c>.</summary>
    public ModelHarness Events(params string[] events)
    {
        Upstream.Next(async call =>
        {
            await call.StartStreamAsync();
            foreach (var data in events)
            {
                await call.SendEventAsync(data);
            }
        });
        return this;
    }

    public async ValueTask DisposeAsync()
    {
        Catalog.Dispose();
        await Upstream.DisposeAsync();
    }

    private sealed class HalfRandom : Random
    {
        public override double NextDouble() => 0.5;
    }

    private sealed class ListLogger(ConcurrentQueue<string> lines) : ILogger<ModelCatalog>
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Enqueue($"{logLevel}: {formatter(state, exception)} {exception}");
    }
}
