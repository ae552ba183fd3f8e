namespace OpenClaw.Storage;

/// <summary>Error codes that callers decide on. Source: Azure Storage REST reference, "Common REST API error codes" and those of each service.</summary>
public static class StorageErrorCode
{
    /// <summary>Ours: no connection, or it broke before the answer was complete. Status 0.</summary>
    public const string ConnectionFailed = "ConnectionFailed";

    /// <summary>Ours: no answer within the time of a try. Status 0.</summary>
    public const string TimedOut = "TimedOut";

    /// <summary>Ours: the managed identity gave no access token, so nothing was sent. Status 0.</summary>
    public const string NoToken = "NoToken";

    /// <summary>409: insert of a key that exists.</summary>
    public const string EntityAlreadyExists = "EntityAlreadyExists";

    /// <summary>412: the entity's ETag has changed.</summary>
    public const string UpdateConditionNotSatisfied = "UpdateConditionNotSatisfied";

    /// <summary>404: no such entity.</summary>
    public const string ResourceNotFound = "ResourceNotFound";

    public const string TableNotFound = "TableNotFound";

    public const string TableAlreadyExists = "TableAlreadyExists";

    public const string ContainerNotFound = "ContainerNotFound";

    public const string ContainerAlreadyExists = "ContainerAlreadyExists";

    public const string BlobNotFound = "BlobNotFound";

    /// <summary>409: upload with <c>If-None-Match: *</c> of a name that exists.</summary>
    public const string BlobAlreadyExists = "BlobAlreadyExists";

    /// <summary>412: the blob's ETag does not match.</summary>
    public const string ConditionNotMet = "ConditionNotMet";

    /// <summary>416: the range starts past the end.</summary>
    public const string InvalidRange = "InvalidRange";

    /// <summary>409: another holds the lease.</summary>
    public const string LeaseAlreadyPresent = "LeaseAlreadyPresent";

    /// <summary>412: the blob is leased and the write named no lease.</summary>
    public const string LeaseIdMissing = "LeaseIdMissing";

    public const string QueueNotFound = "QueueNotFound";

    public const string QueueAlreadyExists = "QueueAlreadyExists";

    /// <summary>404: the message was deleted, or its pop receipt is stale.</summary>
    public const string MessageNotFound = "MessageNotFound";

    /// <summary>400: another has received or updated the message since.</summary>
    public const string PopReceiptMismatch = "PopReceiptMismatch";
}
