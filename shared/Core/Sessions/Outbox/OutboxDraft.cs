namespace OpenClaw.Sessions.Outbox;

/// <summary>A reply that is to be delivered outside the gateway. It is stored in the transaction that ends its run.</summary>
/// <param name="Channel">Id of the channel, such as <c>telegram</c>.</param>
/// <param name="Parts">How many messages it is; they are delivered one after the other.</param>
/// <param name="Content">What the channel needs to deliver them, as JSON.</param>
public sealed record OutboxDraft(string Channel, int Parts, string Content);
