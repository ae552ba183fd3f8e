namespace OpenClaw.Functions.Hosts.FunctionsWorker;

/// <summary>One invocation that the host announced on its message stream. Ended by <see cref="ForwardedRequests.End"/>.</summary>
internal sealed class AnnouncedInvocation(string id, CancellationTokenSource cancellation)
{
    public string Id => id;

    /// <summary>Fires with the host's own token, or when no request can come any more.</summary>
    public CancellationToken Token => cancellation.Token;

    internal CancellationTokenSource Cancellation => cancellation;

    internal ITimer? Wait { get; set; }
}
