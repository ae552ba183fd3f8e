namespace OpenClaw.Outbound;

/// <summary>A guard's refusal. The message goes to the log only.</summary>
internal sealed class RefusedException(string reason, FetchFailure failure = FetchFailure.Failed) : IOException(reason)
{
    public FetchFailure Failure { get; } = failure;
}
