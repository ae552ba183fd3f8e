namespace OpenClaw.Outbound;

public enum FetchFailure
{
    /// <summary>Refused by its form or its host name, before anything was asked of the network.</summary>
    InvalidUrl,

    /// <summary>Everything that the network may tell: a blocked address, a refused connection, a bad certificate, a timeout, a bad
    /// status.</summary>
    Failed,

    TooLarge,
}
