using OpenClaw.Security;

namespace OpenClaw.Sessions.Outbox;

/// <summary>A reply that is to be delivered outside the gateway. It is stored in the transaction that ends its run.</summary>
/// <param name="Channel">Id of the channel, such as <c>telegram</c>.</param>
/// <param name="Parts">How many messages it is; they are delivered one after the other.</param>
/// <param name="Content">What the channel needs to deliver them, as JSON.</param>
/// <param name="Lane">Replies of one lane are delivered in order; lanes do not wait for each other. See <see cref="LaneOf"/>.</param>
public sealed record OutboxDraft(string Channel, int Parts, string Content, string Lane)
{
    private const int LaneLength = 16;

    /// <summary>Another reply of the same run, in another lane or after this one; null for none.</summary>
    public OutboxDraft? Also { get; init; }

    /// <summary>The lane of a target.</summary>
    /// <param name="target">The chat, without its threads, or the URL.</param>
    public static string LaneOf(string channel, string account, string target) =>
        Secret.HashName(channel, account, target)[..LaneLength];

    /// <summary>Both, where there are two.</summary>
    public static OutboxDraft? Join(OutboxDraft? one, OutboxDraft? two) => one is null ? two : one with { Also = two };
}
