namespace OpenClaw.Gateway.Channels.Outbox;

/// <summary>One message to send: text, or a file.</summary>
/// <param name="Text">In the platform's markup; the caption of a file, empty for none.</param>
/// <param name="Plain">The same without markup, for a platform that refuses the markup.</param>
public sealed record OutboundPart(string Text, string Plain)
{
    /// <summary>The id of a file of the media store; null for a text.</summary>
    public string? Media { get; init; }
}

/// <summary>One delivery of a part.</summary>
/// <param name="ReplyId">Of the whole reply; the same on every attempt.</param>
/// <param name="Index">Of the part, from 0.</param>
/// <param name="Notes">What the channel wants to know at later parts and attempts, such as ids of messages; stored after each
/// part.</param>
public sealed record Delivery(
    ChannelAccount Account, ChatAddress To, string ReplyId, int Index, IDictionary<string, string> Notes)
{
    /// <summary>The message that shows the growing answer, to be replaced by its first part; null when there is none.</summary>
    public string? Draft { get; init; }

    /// <summary>When the request that is answered was accepted.</summary>
    public DateTimeOffset AskedAt { get; init; }

    /// <summary>The file of the part; null for a text, and when the file is gone.</summary>
    public OutboundFile? File { get; init; }
}

/// <param name="Name">Safe as a file name.</param>
public sealed record OutboundFile(byte[] Bytes, string MediaType, string Name)
{
    /// <summary>What a person reads in place of a file that is gone.</summary>
    internal const string Missing = "⚠️ A file that belongs here is no longer there, or is too large.";
}

/// <summary>What became of a message.</summary>
public abstract record SendOutcome
{
    /// <summary>The platform has it.</summary>
    public sealed record Sent : SendOutcome;

    /// <summary>The platform took nothing and says when it will: it does not count as a failure.</summary>
    public sealed record Later(TimeSpan After) : SendOutcome;

    /// <summary>The platform took nothing; another try may succeed.</summary>
    public sealed record Failed(string Reason) : SendOutcome;

    /// <summary>No answer came: the platform may have it or not.</summary>
    public sealed record Unanswered(string Reason) : SendOutcome;

    /// <summary>The platform will never take it.</summary>
    public sealed record Refused(string Reason) : SendOutcome;
}
