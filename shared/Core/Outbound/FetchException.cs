namespace OpenClaw.Outbound;

public enum FetchFailure
{
    /// <summary>Refused by its form or its host name, before anything was asked of the network.</summary>
    InvalidUrl,

    /// <summary>Everything that the network may tell: a blocked address, a refused connection, a bad certificate, a timeout, a bad status.</summary>
    Failed,

    TooLarge,
}

/// <summary>The message is public and the same for every cause of one <see cref="FetchFailure"/>: what really happened is in the log.</summary>
public sealed class FetchException(FetchFailure failure, string message) : Exception(message)
{
    public FetchFailure Failure { get; } = failure;

    internal static FetchException Of(FetchFailure failure) => new(failure, failure switch
    {
        FetchFailure.InvalidUrl => "The URL is not one that may be fetched: it must lead to a public host by its name, over https.",
        FetchFailure.TooLarge => "What the URL leads to is larger than the limit.",
        _ => "The URL could not be fetched.",
    });
}

/// <summary>A guard's refusal. The message goes to the log only.</summary>
internal sealed class RefusedException(string reason, FetchFailure failure = FetchFailure.Failed) : IOException(reason)
{
    public FetchFailure Failure { get; } = failure;
}
