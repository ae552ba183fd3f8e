namespace OpenClaw.Gateway.Channels;

/// <summary>Where a message goes.</summary>
/// <param name="Thread">The topic or thread to answer in; null for none.</param>
/// <param name="ReplyTo">The message that is answered; null when that is not to be shown.</param>
public sealed record ChatAddress(string Chat, string? Thread = null, string? ReplyTo = null)
{
    /// <summary>What else the platform needs, such as the token of an interaction.</summary>
    public IReadOnlyDictionary<string, string> More { get; init; } = new Dictionary<string, string>();
}
