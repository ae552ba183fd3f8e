using Azure;

namespace OpenClaw.Storage.Tables;

/// <summary>The operation that failed its batch.</summary>
internal sealed class TableOperationException(int status, string code, int? index, string? requestId)
    : RequestFailedException(status, code, code, innerException: null)
{
    /// <summary>Its place in the batch; null when the service does not say.</summary>
    public int? Index => index;

    public string? RequestId => requestId;
}
