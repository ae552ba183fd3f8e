using OpenClaw.Configuration;
using OpenClaw.Errors;

namespace OpenClaw.Security.Limits;

/// <summary>Bytes of request bodies that this instance holds at one time: bodies whose request is not answered yet, messages that wait
/// on a connection, and accepted requests while they are executed. Without a limit, requests that wait for a model fill the memory. Each
/// caller has a share, so that one cannot take the room of all. A body is always taken when it is the only one, so that no limit makes a
/// request impossible.</summary>
public sealed class BodyBudget(GatewayConfigStore config)
{
    /// <summary>A body becomes strings of twice its length, is written again for the provider and may hold base64: it takes up to six
    /// times its own size.</summary>
    private const int ShareOfMemory = 8;

    private const string Webhooks = "webhook";

    private const long MostOfWebhooks = 8L * 1024 * 1024;

    private const long LeastDefault = 32L * 1024 * 1024;

    private static readonly long Default = Math.Max(LeastDefault, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / ShareOfMemory);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, long> _ofCallers = new(StringComparer.Ordinal);
    private long _inFlight;
    private TaskCompletionSource _returned = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Bytes of all callers together.</summary>
    public long InFlight => Interlocked.Read(ref _inFlight);

    /// <summary>A lease for the bodies of one request or message; it holds nothing yet.</summary>
    public BodyLease Open(Caller caller) => new(this, caller.Subject);

    /// <summary>A lease for what a service sends that proves itself, such as the messages of SignalR's clients; all of them share the
    /// part of one caller.</summary>
    public BodyLease OpenForService() => new(this, "service");

    /// <summary>A lease for the stored request of a run that is executed later.</summary>
    /// <param name="owner">Of the run's session; empty for the operator.</param>
    public BodyLease OpenForRun(string owner) => new(this, owner.Length == 0 ? Caller.OperatorSubject : owner);

    /// <summary>Completes when a body that is held now is given back.</summary>
    internal Task Returned()
    {
        lock (_lock)
        {
            return _returned.Task;
        }
    }

    /// <summary>A lease for the body of a webhook, whose sender is not known yet: all of them share a small part.</summary>
    public BodyLease OpenForWebhook() => new(this, Webhooks);

    /// <param name="own">What the lease holds already.</param>
    internal bool TryTake(string caller, long own, long bytes)
    {
        var limits = config.Current.Gateway.Http.Bodies;
        var most = limits.MaxBytesInFlight ?? Default;
        var mostOfCaller = limits.MaxBytesInFlightPerCaller ?? most / 2;
        mostOfCaller = caller == Webhooks ? Math.Min(mostOfCaller, MostOfWebhooks) : mostOfCaller;
        lock (_lock)
        {
            var held = _ofCallers.GetValueOrDefault(caller);
            if ((held > own && held + bytes > mostOfCaller) || (_inFlight > own && _inFlight + bytes > most))
            {
                return false;
            }

            _ofCallers[caller] = held + bytes;
            _inFlight += bytes;
            return true;
        }
    }

    internal void Return(string caller, long bytes)
    {
        lock (_lock)
        {
            _inFlight -= bytes;
            if ((_ofCallers[caller] -= bytes) == 0)
            {
                _ofCallers.Remove(caller);
            }

            _returned.SetResult();
            _returned = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }
}

/// <summary>What one request or message holds of the <see cref="BodyBudget"/>; disposing gives it back. Not thread-safe.</summary>
public sealed class BodyLease : IDisposable
{
    private readonly BodyBudget _budget;
    private readonly string _caller;

    internal BodyLease(BodyBudget budget, string caller) => (_budget, _caller) = (budget, caller);

    public long Bytes { get; private set; }

    /// <summary>Makes the lease hold at least so many bytes. Called before the bytes are read, as far as their number is known.</summary>
    /// <returns>False when there is no room; the lease stays as it was.</returns>
    public bool TryHold(long bytes)
    {
        if (bytes > Bytes)
        {
            if (!_budget.TryTake(_caller, Bytes, bytes - Bytes))
            {
                return false;
            }

            Bytes = bytes;
        }

        return true;
    }

    /// <inheritdoc cref="TryHold"/>
    /// <exception cref="GatewayException"><c>503 too_many_bytes_in_flight</c>.</exception>
    public void Hold(long bytes)
    {
        if (!TryHold(bytes))
        {
            throw new GatewayException(GatewayError.TooManyBytesInFlight());
        }
    }

    /// <summary>Waits some time for room.</summary>
    /// <inheritdoc cref="TryHold"/>
    public async Task<bool> TryHoldAsync(long bytes, TimeSpan wait, TimeProvider time, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(wait, time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        while (true)
        {
            var returned = _budget.Returned();
            if (TryHold(bytes))
            {
                return true;
            }

            await returned.WaitAsync(end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellationToken.ThrowIfCancellationRequested();
            if (late.IsCancellationRequested)
            {
                return false;
            }
        }
    }

    public void Dispose()
    {
        if (Bytes > 0)
        {
            _budget.Return(_caller, Bytes);
            Bytes = 0;
        }
    }
}
