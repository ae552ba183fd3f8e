using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace OpenClaw.Tests.Support;

/// <summary>One request to storage, as a rule sees it.</summary>
/// <param name="Service">Blob, Queue or Table.</param>
/// <param name="Path">With the query, as sent.</param>
internal sealed record StorageCall(string Service, string Method, string Path, string Body);

/// <summary>What storage answered.</summary>
internal sealed record StorageAnswer(int Status, IReadOnlyList<(string Name, string Value)> Headers, byte[] Body);

/// <summary>What goes wrong with one request.</summary>
internal delegate Task StorageFault(StorageExchange exchange);

/// <summary>A request on its way, in the hands of a fault.</summary>
internal sealed class StorageExchange(HttpContext context, Func<Task<StorageAnswer>> forward)
{
    public CancellationToken Aborted => context.RequestAborted;

    /// <summary>Has storage carry the request out.</summary>
    public Task<StorageAnswer> ForwardAsync() => forward();

    /// <summary>Breaks the connection.</summary>
    public void Abort() => context.Abort();

    /// <param name="sent">Bytes of the body before the connection breaks; null sends all.</param>
    public async Task ReplyAsync(StorageAnswer answer, int? sent = null)
    {
        context.Response.StatusCode = answer.Status;
        foreach (var (name, value) in answer.Headers)
        {
            context.Response.Headers[name] = value;
        }

        if (answer.Status is 204 or 304)
        {
            return;
        }

        context.Response.ContentLength = context.Request.Method == "HEAD" ? null : answer.Body.Length;
        await context.Response.Body.WriteAsync(answer.Body.AsMemory(0, Math.Min(sent ?? answer.Body.Length, answer.Body.Length)), Aborted);
        if (sent is not null)
        {
            await context.Response.Body.FlushAsync(Aborted);
            context.Abort();
        }
    }
}

internal static class StorageFaults
{
    /// <summary>The connection breaks before storage sees the request.</summary>
    public static StorageFault Drop { get; } = exchange =>
    {
        exchange.Abort();
        return Task.CompletedTask;
    };

    /// <summary>Storage carries the request out, its answer is lost.</summary>
    public static StorageFault DropReply { get; } = async exchange =>
    {
        await exchange.ForwardAsync();
        exchange.Abort();
    };

    /// <summary>Storage carries the request out, its answer breaks off.</summary>
    public static StorageFault TruncateReply { get; } = async exchange =>
        await exchange.ReplyAsync(await exchange.ForwardAsync(), sent: 20);

    /// <summary>What a busy partition answers.</summary>
    public static StorageFault Busy(int retryAfterSeconds = 0) =>
        Answer(503, "ServerBusy", ("Retry-After", retryAfterSeconds.ToString(CultureInfo.InvariantCulture)));

    /// <summary>Another writer was faster, or so storage answers.</summary>
    public static StorageFault PreconditionFailed { get; } = Answer(412, "UpdateConditionNotSatisfied");

    /// <summary>Goes on when the gate opens.</summary>
    public static StorageFault Delay(Task gate) => async exchange =>
    {
        await gate.WaitAsync(exchange.Aborted);
        await exchange.ReplyAsync(await exchange.ForwardAsync());
    };

    /// <summary>Any of these, drawn from a seed.</summary>
    public static StorageFault OneOf(int seed, params StorageFault[] faults)
    {
        var random = new Random(seed);
        return exchange =>
        {
            lock (random)
            {
                return faults[random.Next(faults.Length)](exchange);
            }
        };
    }

    public static StorageFault Answer(int status, string code, params (string Name, string Value)[] headers) => exchange =>
        exchange.ReplyAsync(
        new StorageAnswer(status, [("x-ms-error-code", code), .. headers], Encoding.UTF8.GetBytes(
            $$$"""{"odata.error":{"code":"{{{code}}}"}}""")));
}

/// <summary>The writes that a run is made of, recognised by their rows.</summary>
internal static class StorageSteps
{
    public static Func<StorageCall, bool> Any { get; } = _ => true;

    /// <summary>Lease and intent.</summary>
    public static Func<StorageCall, bool> Begin { get; } = c => IsBatch(c) && Holds(c, "\"State\":\"running\"");

    /// <summary>A turn.</summary>
    public static Func<StorageCall, bool> Commit { get; } = c => IsBatch(c) && Holds(c, "\"Committed\":true");

    public static Func<StorageCall, bool> Journal { get; } = c => IsBatch(c) && Holds(c, "\"Batches\":");

    public static Func<StorageCall, bool> Accept { get; } = c => IsBatch(c) && Holds(c, "\"State\":\"queued\"") && Holds(c, "\"Inbox\":");

    public static Func<StorageCall, bool> Renewal { get; } = c => c is { Service: "Table", Method: "PUT" } && Holds(c, "\"LeaseToken\":");

    public static Func<StorageCall, bool> Upload { get; } = c =>
        c is { Service: "Blob", Method: "PUT" } && c.Path.Contains("-transcripts/", StringComparison.Ordinal);

    /// <summary>The first request under an idempotency key.</summary>
    public static Func<StorageCall, bool> Claim { get; } = c =>
        c is { Service: "Table", Method: "POST" } && c.Path.Contains("idempotency", StringComparison.Ordinal);

    public static Func<StorageCall, bool> WakeUp { get; } = c =>
        c is { Service: "Queue", Method: "POST" } && c.Path.Contains("/messages", StringComparison.Ordinal);

    private static bool IsBatch(StorageCall call) =>
        call is { Service: "Table", Method: "POST" } && call.Path.EndsWith("$batch", StringComparison.Ordinal);

    private static bool Holds(StorageCall call, string text) => call.Body.Contains(text, StringComparison.Ordinal);
}
