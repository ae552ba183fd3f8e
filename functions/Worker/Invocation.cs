using OpenClaw.Functions.Worker.Protocol;

namespace OpenClaw.Functions.Worker;

/// <summary>One invocation. The host names it on the stream and, for HTTP, forwards a request that carries its id; either may
/// come first. State belongs to <see cref="InvocationTable"/> and its lock.</summary>
public sealed class Invocation(string id)
{
    private static readonly AsyncLocal<Invocation?> Ambient = new();

    /// <summary>The invocation on whose behalf this code runs, for logs; may be over already.</summary>
    public static Invocation? Current
    {
        get => Ambient.Value;
        set => Ambient.Value = value;
    }

    public string Id => id;

    /// <summary>The host named it on the stream: it must be answered, and logs may name it.</summary>
    internal bool Announced { get; set; }

    /// <summary>Stops the running endpoint or timer, without waiting for it; null while there is none.</summary>
    internal Action? Stop { get; set; }

    /// <summary>The outcome of an endpoint that ended before the host named the invocation.</summary>
    internal StatusResult? Result { get; set; }

    /// <summary>Ends the wait for the other side.</summary>
    internal ITimer? Wait { get; set; }

    /// <summary>Answered or given up.</summary>
    internal bool Closed { get; set; }

    /// <summary>Lines written before the host named the invocation; it would drop them.</summary>
    internal List<StreamingMessage> EarlyLogs { get; } = [];
}
