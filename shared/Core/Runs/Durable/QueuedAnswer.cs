using OpenClaw.Sessions.Outbox;

namespace OpenClaw.Runs.Durable;

/// <summary>The end of a request that needed no run.</summary>
/// <param name="Reply">What is to be delivered; null for nothing.</param>
public sealed record QueuedAnswer(OutboxDraft? Reply);
