namespace OpenClaw.Storage;

/// <summary>Codes of failures without an answer; those of answers are the services' own.</summary>
internal static class StorageErrorCode
{
    /// <summary>No connection, or it broke before the answer was complete.</summary>
    public const string ConnectionFailed = "ConnectionFailed";

    /// <summary>No answer within the time of a try.</summary>
    public const string TimedOut = "TimedOut";

    /// <summary>An answer that makes no sense.</summary>
    public const string MalformedAnswer = "MalformedAnswer";

    /// <summary>The managed identity gave no access token, so nothing was sent.</summary>
    public const string NoToken = "NoToken";
}
