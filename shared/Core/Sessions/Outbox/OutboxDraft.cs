namespace OpenClaw.Sessions.Outbox;

/// <summary>A reply that is to be delivered outside the gateway. It is stored in the transaction that ends its run.</summary>
/// <param name="Channel">Id of the channel, such as <c>telegram</c>.</param>
/// <param name="Parts">How many messages it is; they are delivered one after the other.</param>
/// <param name="Content">What the channel needs to deliver them, as JSON.</param>
public sealed record OutboxDraft(string Channel, int Parts, string Content)
{
    /// <summary>Another reply of the same run, to be delivered after this one; null for none.</summary>
    public OutboxDraft? Also { get; init; }

    /// <summary>Both, where there are two.</summary>
    public static OutboxDraft? Join(OutboxDraft? one, OutboxDraft? two) => one is null ? two : one with { Also = two };
}
