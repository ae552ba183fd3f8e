namespace OpenClaw.Gateway.Channels.Outbox;

/// <summary>A call of a platform that did not succeed.</summary>
/// <param name="outcome">What it means for a message that was to be sent.</param>
internal class SendException(SendOutcome outcome) : Exception(outcome.ToString())
{
    public SendOutcome Outcome { get; } = outcome;
}
