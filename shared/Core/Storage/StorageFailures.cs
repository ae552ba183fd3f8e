using System.Globalization;
using System.Text.Json;
using System.Xml;
using Azure;
using Azure.Identity;
using Microsoft.Extensions.Logging;
using OpenClaw.Storage.Tables;

namespace OpenClaw.Storage;

/// <summary>The one translation of what the storage SDKs throw. What is no answer to a condition is logged here, once.</summary>
internal sealed partial class StorageFailures(ILogger logger)
{
    /// <summary>What the SDKs throw when a service, the network or the identity fails them; all else is a bug of ours.</summary>
    public static bool IsFailure(Exception exception) => exception is RequestFailedException or AuthenticationFailedException
        or OperationCanceledException or IOException or HttpRequestException or JsonException or XmlException or InvalidDataException;

    /// <param name="operation">What was done to what, such as <c>get from table 'x'</c>.</param>
    public StorageException Translate(Exception exception, string operation)
    {
        var failure = exception switch
        {
            RequestFailedException { Status: > 0 } answer => OfAnswer(answer, operation),
            AuthenticationFailedException => new StorageException(
                $"The managed identity gave no access token for storage ({operation}).", 0, StorageErrorCode.NoToken,
                    innerException: exception),
            OperationCanceledException => NoAnswer(StorageErrorCode.TimedOut, exception, operation),
            JsonException or XmlException or InvalidDataException => NoAnswer(StorageErrorCode.MalformedAnswer, exception, operation),
            _ => NoAnswer(StorageErrorCode.ConnectionFailed, exception, operation),
        };
        Log(failure);
        return failure;
    }

    /// <summary>A table, container or queue that is not there although it was just created: it is being deleted.</summary>
    public StorageException Unavailable(StorageException missing)
    {
        var failure = new StorageException(missing.Message, 503, missing.Code);
        Log(failure);
        return failure;
    }

    private static StorageException NoAnswer(string code, Exception exception, string operation) =>
        new($"Storage gave no answer: {code} ({operation}).", 0, code, innerException: exception);

    /// <summary>Without the SDK's exception, which repeats the answer's text and headers.</summary>
    private static StorageException OfAnswer(RequestFailedException answer, string operation)
    {
        var code = answer.ErrorCode ?? answer.Status.ToString(CultureInfo.InvariantCulture);
        var operationFailure = answer as TableOperationException;
        var failed = operationFailure?.Index;
        var at = failed is { } index ? string.Create(CultureInfo.InvariantCulture, $", operation {index}") : "";
        var request = (operationFailure?.RequestId ?? answer.GetRawResponse()?.Headers.RequestId) is { } id ? $", request {id}" : "";

        // A conflict that decides nothing: 409 until the deletion of the whole is over.
        var status = code.EndsWith("BeingDeleted", StringComparison.Ordinal) ? 503 : answer.Status;
        return new($"Storage answered {answer.Status} {code} ({operation}{at}{request}).", status, code, failed);
    }

    private void Log(StorageException failure)
    {
        if (failure.Status is 401 or 403)
        {
            LogRefused(failure.Message);
        }
        else if (failure.Status is 0 or 408 or 429 or >= 500)
        {
            LogFailed(failure.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Failure}")]
    private partial void LogFailed(string failure);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Failure} Check the account's key or the identity's role, and this machine's clock")]
    private partial void LogRefused(string failure);
}
