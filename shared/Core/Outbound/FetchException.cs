namespace OpenClaw.Outbound;

/// <summary>The message is public and the same for every cause of one <see cref="FetchFailure"/>: what really happened is in the
/// log.</summary>
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
