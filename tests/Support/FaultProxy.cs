using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace OpenClaw.Tests.Support;

/// <summary>
/// The network between a gateway and its storage, on real sockets: forwards what it gets, except where a test asks for a fault.
/// The first rule that matches a request decides.
/// <code>
/// await using var network = await FaultProxy.StartAsync(azurite.ConnectionString);
/// var lost = network.On(StorageSteps.Commit, StorageFaults.DropReply);       // the next commit is applied, its answer lost
/// network.OnSome(StorageSteps.Any, StorageFaults.Drop, probability: 0.1, seed: 7);
/// …
/// await lost.Hit;
/// </code>
/// </summary>
internal sealed class FaultProxy : IAsyncDisposable
{
    private static readonly string[] Services = ["Blob", "Queue", "Table"];

    /// <summary>Headers of one hop, or set by the sender.</summary>
    private static readonly string[] OwnHeaders = ["Host", "Connection", "Transfer-Encoding", "Content-Length", "Expect", "Keep-Alive"];

    private static readonly UriCreationOptions AsWritten = new() { DangerousDisablePathAndQueryCanonicalization = true };

    private readonly WebApplication _app;
    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false, UseCookies = false, AllowAutoRedirect = false });
    private readonly Dictionary<int, (string Service, string Authority)> _targets = [];
    private readonly Lock _lock = new();
    private List<FaultRule> _rules = [];
    private int _faults;

    private FaultProxy(WebApplication app) => _app = app;

    /// <summary>Of the same account, through this proxy.</summary>
    public string ConnectionString { get; private set; } = "";

    /// <summary>How many requests met a fault so far.</summary>
    public int Faults => _faults;

    /// <param name="connectionString">With the endpoints of all three services.</param>
    public static async Task<FaultProxy> StartAsync(string connectionString)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            foreach (var _ in Services)
            {
                kestrel.Listen(IPAddress.Loopback, 0);
            }
        });
        var app = builder.Build();
        var proxy = new FaultProxy(app);
        app.Run(proxy.HandleAsync);
        await app.StartAsync();
        proxy.Redirect(connectionString);
        return proxy;
    }

    /// <summary>Answers the next matching requests with a fault.</summary>
    public FaultRule On(Func<StorageCall, bool> matches, StorageFault fault, int times = 1) =>
        Add(new FaultRule(matches, fault, times, null, 1));

    /// <summary>Answers some of the matching requests with a fault, drawn from a seed that a failing test should print.</summary>
    public FaultRule OnSome(Func<StorageCall, bool> matches, StorageFault fault, double probability, int seed) =>
        Add(new FaultRule(matches, fault, int.MaxValue, new Random(seed), probability));

    /// <summary>Does nothing but tell when a matching request was answered.</summary>
    public FaultRule Watch(Func<StorageCall, bool> matches) => Add(new FaultRule(matches, null, int.MaxValue, null, 1));

    /// <summary>From now on everything passes.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            _rules = [];
        }
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
        _client.Dispose();
    }

    private FaultRule Add(FaultRule rule)
    {
        lock (_lock)
        {
            _rules = [.. _rules, rule];
        }

        return rule;
    }

    private void Redirect(string connectionString)
    {
        var urls = _app.Urls.Select(u => new Uri(u)).ToList();
        var parts = connectionString.Split(';', StringSplitOptions.RemoveEmptyEntries).ToList();
        for (var i = 0; i < Services.Length; i++)
        {
            var name = Services[i] + "Endpoint=";
            var at = parts.FindIndex(p => p.StartsWith(name, StringComparison.Ordinal));
            var endpoint = new Uri(parts[at][name.Length..]);
            _targets[urls[i].Port] = (Services[i], endpoint.GetLeftPart(UriPartial.Authority));
            parts[at] = $"{name}{urls[i].GetLeftPart(UriPartial.Authority)}{endpoint.AbsolutePath}";
        }

        ConnectionString = string.Join(';', parts);
    }

    private async Task HandleAsync(HttpContext context)
    {
        using var buffer = new MemoryStream();
        await context.Request.Body.CopyToAsync(buffer, context.RequestAborted);
        var (service, authority) = _targets[context.Connection.LocalPort];
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var call = new StorageCall(
            service, context.Request.Method, target, Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length));
        List<FaultRule> rules;
        lock (_lock)
        {
            rules = _rules;
        }

        var rule = rules.FirstOrDefault(r => r.Takes(call));
        var exchange = new StorageExchange(context, () => ForwardAsync(context, new Uri(authority + target, AsWritten), buffer.ToArray()));
        try
        {
            if (rule?.Fault is { } fault)
            {
                Interlocked.Increment(ref _faults);
                await fault(exchange);
            }
            else
            {
                await exchange.ReplyAsync(await exchange.ForwardAsync());
            }
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            // The gateway left, or was made to.
        }
        finally
        {
            rule?.Reach();
        }
    }

    private async Task<StorageAnswer> ForwardAsync(HttpContext context, Uri url, byte[] body)
    {
        using var request = new HttpRequestMessage(new HttpMethod(context.Request.Method), url);
        request.Content = body.Length > 0 || context.Request.ContentType is not null || context.Request.ContentLength is not null
            ? new ByteArrayContent(body) : null;
        foreach (var (name, values) in context.Request.Headers.Where(h => !OwnHeaders.Contains(h.Key, StringComparer.OrdinalIgnoreCase)))
        {
            if (!request.Headers.TryAddWithoutValidation(name, values.AsEnumerable()))
            {
                request.Content?.Headers.TryAddWithoutValidation(name, values.AsEnumerable());
            }
        }

        // A request that arrived whole is applied, even when its sender is gone.
        using var answer = await _client.SendAsync(request, CancellationToken.None);
        var headers = answer.Headers.Concat(answer.Content.Headers)
            .Where(h => !OwnHeaders.Contains(h.Key, StringComparer.OrdinalIgnoreCase)).Select(h => (h.Key, string.Join(',', h.Value)));
        return new StorageAnswer((int)answer.StatusCode, [.. headers], await answer.Content.ReadAsByteArrayAsync());
    }
}

/// <summary>When to do what to which requests.</summary>
internal sealed class FaultRule(Func<StorageCall, bool> matches, StorageFault? fault, int times, Random? random, double probability)
{
    private readonly Lock _lock = new();
    private TaskCompletionSource _hit = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _left = times;

    /// <summary>Completes when a request met the rule and its answer, if any, was sent. After <see cref="Again"/>, the next one.</summary>
    public Task Hit
    {
        get
        {
            lock (_lock)
            {
                return _hit.Task;
            }
        }
    }

    /// <summary>Null to let requests pass.</summary>
    public StorageFault? Fault => fault;

    /// <summary>The next time from now.</summary>
    public Task Again()
    {
        lock (_lock)
        {
            _hit = new(TaskCreationOptions.RunContinuationsAsynchronously);
            return _hit.Task;
        }
    }

    internal bool Takes(StorageCall call)
    {
        lock (_lock)
        {
            if (_left == 0 || !matches(call) || (random is not null && random.NextDouble() >= probability))
            {
                return false;
            }

            _left--;
            return true;
        }
    }

    internal void Reach()
    {
        lock (_lock)
        {
            _hit.TrySetResult();
        }
    }
}
