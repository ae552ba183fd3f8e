using OpenClaw.Errors;
using OpenClaw.Storage.Tables;

namespace OpenClaw.Storage;

/// <summary>
/// A storage operation that did not succeed. Who can decide on it catches it by its status; to all others it is the gateway's own 503
/// (<c>storage_unavailable</c>, or <c>storage_refused</c> when the service does not let the gateway in). The message is for the log: it
/// names
/// the operation, the table, container or queue, the status, the code and the service's request id; never keys, signatures, URLs or the
/// service's own text. An earlier try may have been applied although its answer was lost, so a 409 or 412 can be the echo of the caller's
/// own
/// write: read back by id before reporting a conflict.
/// </summary>
public sealed class StorageException : GatewayException
{
    public StorageException(string message, int status, string code, int? failedOperation = null, Exception? innerException = null)
        : base(status is 401 or 403 ? GatewayError.StorageRefused() : GatewayError.StorageUnavailable(), message, innerException)
    {
        Status = status;
        Code = code;
        FailedOperation = failedOperation;
    }

    /// <summary>HTTP status of the last answer; 0 when none came (<see cref="StorageErrorCode.ConnectionFailed"/>,
    /// <see cref="StorageErrorCode.TimedOut"/>,
    /// <see cref="StorageErrorCode.MalformedAnswer"/>, <see cref="StorageErrorCode.NoToken"/>). 503 too while the table, container or
    /// queue is being deleted.</summary>
    public int Status { get; }

    /// <summary>The service's error code, or one of <see cref="StorageErrorCode"/>; the status as text when the service gave
    /// none.</summary>
    public string Code { get; }

    /// <summary>Zero-based index of the operation that failed a <see cref="TableBatch"/>; null for all else.</summary>
    public int? FailedOperation { get; }

    /// <summary>No final answer came: the write may or may not have been applied.</summary>
    public bool IsOutcomeUnknown => Status is 0 or 408 or >= 500;
}
