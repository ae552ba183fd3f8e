namespace OpenClaw.Gateway.Channels.Inbound;

/// <summary>What a person wrote, in the same form for every platform. Ids are the platform's own, as text.</summary>
public sealed record InboundMessage
{
    /// <summary>Distinguishes the event within its chat: the same event is accepted once.</summary>
    public required string EventId { get; init; }

    /// <summary>Other names under which the platform may send the same event.</summary>
    public IReadOnlyList<string> OtherEventIds { get; init; } = [];

    /// <summary>The platform's sequence: events that wait in one session are handled in the order of it.</summary>
    public required long Order { get; init; }

    public required ChatKind Kind { get; init; }

    /// <summary>The chat, group or channel.</summary>
    public required string Chat { get; init; }

    /// <summary>The topic or thread in it, which has a conversation of its own; null for none.</summary>
    public string? Thread { get; init; }

    /// <summary>The word for it in session keys: <c>topic</c> or <c>thread</c>.</summary>
    public string ThreadWord { get; init; } = "thread";

    /// <summary>Null or empty when the platform does not say who wrote; nobody is allowed then.</summary>
    public required string? Sender { get; init; }

    /// <summary>For the agent to read; never to decide by.</summary>
    public string? SenderName { get; init; }

    /// <summary>The name of the group, for the agent to read.</summary>
    public string? ChatTitle { get; init; }

    /// <summary>The key of the chat in the channel's list of groups: the chat itself, or the guild that it is in.</summary>
    public string? Group { get; init; }

    /// <summary>Discord's guild or Slack's workspace, for bindings.</summary>
    public string? Space { get; init; }

    /// <summary>Whether the agent is meant: it is mentioned, replied to or called by a command. Direct chats need none of it.</summary>
    public bool IsAddressed { get; init; }

    /// <summary>As the person wrote it, without the mention that calls the agent.</summary>
    public string Text { get; init; } = "";

    public IReadOnlyList<InboundFile> Files { get; init; } = [];

    /// <summary>Messages with the same one, which the platform sends one by one, are one message of several files; null for a message that
    /// stands alone.</summary>
    public string? Album { get; init; }

    /// <summary>Where the answer goes.</summary>
    public required ChatAddress To { get; init; }
}

public enum ChatKind
{
    Direct,
    Group,
    Channel,
}

/// <summary>A file that came with a message. It is loaded when the message is handled.</summary>
/// <param name="Id">What the channel needs to load it: an id or an address.</param>
/// <param name="Bytes">As the platform says; null when it does not.</param>
public sealed record InboundFile(string Id, bool IsImage, string? Name = null, string? MediaType = null, long? Bytes = null);

/// <param name="MediaType">Null leaves it to the content.</param>
public sealed record InboundContent(byte[] Bytes, string? MediaType, string? Name);
