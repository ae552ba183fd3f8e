using Microsoft.AspNetCore.Http;

namespace OpenClaw.Gateway.Channels.Inbound;

/// <summary>One call of a platform.</summary>
/// <param name="Body">The bytes as they came; empty before they are read.</param>
/// <param name="Now">By the gateway's clock.</param>
public sealed record WebhookCall(HttpRequest Request, ReadOnlyMemory<byte> Body, DateTimeOffset Now)
{
    /// <summary>A header that must be there exactly once; else null.</summary>
    public string? Header(string name) => Request.Headers[name] is [{ Length: > 0 } value] ? value : null;
}

/// <summary>What a platform's call says.</summary>
/// <param name="Messages">To be handled, in their order; none when the call is of no interest.</param>
public sealed record InboundCall(IReadOnlyList<InboundMessage> Messages)
{
    public static InboundCall Nothing { get; } = new([]);

    /// <summary>The answer once the messages were accepted; null is an empty 200.</summary>
    public IResult? Answer { get; init; }
}

/// <summary>Why a message was not taken.</summary>
public enum Refusal
{
    /// <summary>The sender may not ask, or may not ask here.</summary>
    NotAllowed,

    /// <summary>The sender has to be approved first and was sent a code.</summary>
    Pairing,

    /// <summary>The message is not for the agent: it does not mention it.</summary>
    NotAddressed,
}
