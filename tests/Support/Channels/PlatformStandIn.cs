using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace OpenClaw.Tests.Support.Channels;

/// <summary>
/// The API of a chat platform over real sockets on loopback. It checks requests as the platform does, keeps what was delivered, and fails
/// as a test says.
/// <code>
/// await using var telegram = await TelegramStandIn.StartAsync();
/// telegram.Fail("sendMessage", PlatformFault.RateLimited(3));
/// …
/// await telegram.WaitAsync(() =&gt; telegram.Messages.Count == 2);
/// </code>
/// </summary>
[SuppressMessage("Naming", "CA1716", Justification = "Classes of other languages do not derive from it.")]
public abstract class PlatformStandIn : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly WebApplication _app;
    private readonly Lock _lock = new();
    private readonly List<PlatformCall> _calls = [];
    private readonly List<(string Operation, PlatformFault Fault)> _faults = [];
    private readonly List<(Func<bool> Condition, TaskCompletionSource Met)> _waiters = [];

    protected PlatformStandIn()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = 200 << 20);
        _app = builder.Build();
        _app.Run(HandleAsync);
    }

    /// <summary>Such as <c>http://127.0.0.1:41234</c>, without a path.</summary>
    public string Origin => _app.Urls.First();

    /// <summary>Every request in order of arrival, also those that were refused or made to fail.</summary>
    public IReadOnlyList<PlatformCall> Calls
    {
        get
        {
            lock (_lock)
            {
                return [.. _calls];
            }
        }
    }

    /// <summary>Chats that take nothing, with the seconds after which the platform says they will.</summary>
    public Dictionary<string, double> Busy { get; } = [];

    /// <summary>Held while a request changes what was delivered, and while a test reads it.</summary>
    protected Lock State { get; } = new();

    /// <summary>Makes the next request of an operation fail; several are used in their order. <c>*</c> is any operation.</summary>
    public void Fail(string operation, params ReadOnlySpan<PlatformFault> faults)
    {
        lock (_lock)
        {
            foreach (var fault in faults)
            {
                _faults.Add((operation, fault));
            }
        }
    }

    public IReadOnlyList<PlatformCall> CallsOf(string operation) => [.. Calls.Where(c => c.Operation == operation)];

    /// <summary>Waits until a condition on what arrived holds; it is asked after each request.</summary>
    public Task WaitAsync(Func<bool> condition)
    {
        lock (_lock)
        {
            if (condition())
            {
                return Task.CompletedTask;
            }

            var met = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiters.Add((condition, met));
            return met.Task.WaitAsync(Patience);
        }
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>The name by which tests and faults know a request, such as <c>sendMessage</c>.</summary>
    protected abstract string OperationOf(HttpRequest request);

    /// <summary>The chat that a request is for; null for other requests.</summary>
    private protected abstract string? ChatOf(PlatformCall call);

    /// <summary>Answers a request as the platform does, and keeps its effect.</summary>
    private protected abstract PlatformAnswer Answer(PlatformCall call);

    /// <summary>The platform's words for a request that comes too soon.</summary>
    protected abstract PlatformAnswer TooManyRequests(double retryAfterSeconds);

    /// <summary>The platform's words for a failure of its own.</summary>
    protected abstract PlatformAnswer ServerError(int status);

    protected Task ListenAsync() => _app.StartAsync();

    private async Task HandleAsync(HttpContext context)
    {
        var call = await PlatformCall.ReadAsync(OperationOf(context.Request), context.Request);
        PlatformFault? fault;
        lock (_lock)
        {
            _calls.Add(call);
            var at = _faults.FindIndex(f => f.Operation == "*" || f.Operation == call.Operation);
            fault = at < 0 ? null : _faults[at].Fault;
            if (at >= 0)
            {
                _faults.RemoveAt(at);
            }
        }

        PlatformAnswer? answer = null;
        if (fault is null or { Kind: PlatformFaultKind.CutAfterAcceptance or PlatformFaultKind.SilentAfterAcceptance })
        {
            lock (State)
            {
                answer = ChatOf(call) is { } chat && Busy.TryGetValue(chat, out var seconds) ? TooManyRequests(seconds) : Answer(call);
            }
        }

        Announce();
        switch (fault?.Kind)
        {
            case PlatformFaultKind.RateLimited:
                answer = TooManyRequests(fault.RetryAfterSeconds);
                break;
            case PlatformFaultKind.ServerError:
                answer = ServerError(fault.Status);
                break;
            case PlatformFaultKind.Answer:
                answer = fault.Exact;
                break;
            case PlatformFaultKind.CutBeforeAcceptance or PlatformFaultKind.CutAfterAcceptance:
                context.Abort();
                return;
            case PlatformFaultKind.Silent or PlatformFaultKind.SilentAfterAcceptance:
                var left = new TaskCompletionSource();
                await using (context.RequestAborted.Register(left.SetResult))
                {
                    await left.Task;
                }

                return;
        }

        await WriteAsync(context.Response, answer!);
    }

    private static async Task WriteAsync(HttpResponse response, PlatformAnswer answer)
    {
        response.StatusCode = answer.Status;
        foreach (var (name, value) in answer.Headers ?? [])
        {
            response.Headers[name] = value;
        }

        if (answer.Body is not null || answer.Bytes is not null)
        {
            response.ContentType = answer.ContentType;
            await response.Body.WriteAsync(answer.Bytes ?? Encoding.UTF8.GetBytes(answer.Body!.ToJsonString()));
        }
    }

    private void Announce()
    {
        lock (_lock)
        {
            foreach (var waiter in _waiters.Where(w => w.Condition()).ToList())
            {
                _waiters.Remove(waiter);
                waiter.Met.SetResult();
            }
        }
    }
}

/// <summary>What a platform answers.</summary>
public sealed record PlatformAnswer(
    int Status,
    JsonNode? Body,
    IReadOnlyList<(string Name, string Value)>? Headers = null,
    byte[]? Bytes = null,
    string ContentType = "application/json; charset=utf-8");

public enum PlatformFaultKind
{
    RateLimited,
    ServerError,
    Answer,
    CutBeforeAcceptance,
    CutAfterAcceptance,
    Silent,
    SilentAfterAcceptance,
}

/// <summary>How a platform fails once.</summary>
public sealed record PlatformFault(
    PlatformFaultKind Kind, double RetryAfterSeconds = 0, int Status = 0, PlatformAnswer? Exact = null)
{
    /// <summary>The connection ends without an answer; nothing was delivered.</summary>
    public static PlatformFault CutBeforeAcceptance { get; } = new(PlatformFaultKind.CutBeforeAcceptance);

    /// <summary>The connection ends without an answer; what was sent is delivered.</summary>
    public static PlatformFault CutAfterAcceptance { get; } = new(PlatformFaultKind.CutAfterAcceptance);

    /// <summary>No answer until the client leaves; nothing was delivered.</summary>
    public static PlatformFault Silent { get; } = new(PlatformFaultKind.Silent);

    /// <summary>No answer until the client leaves; what was sent is delivered.</summary>
    public static PlatformFault SilentAfterAcceptance { get; } = new(PlatformFaultKind.SilentAfterAcceptance);

    public static PlatformFault RateLimited(double retryAfterSeconds) => new(PlatformFaultKind.RateLimited, retryAfterSeconds);

    public static PlatformFault ServerError(int status) => new(PlatformFaultKind.ServerError, Status: status);

    /// <summary>An answer word for word.</summary>
    public static PlatformFault Answer(int status, JsonNode body) => new(PlatformFaultKind.Answer, Exact: new(status, body));
}
