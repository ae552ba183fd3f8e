using System.Buffers.Text;
using System.Text;
using Azure;

namespace OpenClaw.Storage;

/// <summary>One answer to a query. A page may be empty and still have a continuation.</summary>
/// <param name="Continuation">Opaque; passed back it reads on. Null at the end.</param>
/// <param name="ServerTime">The service's clock when it answered, whole seconds.</param>
public sealed record TablePage(IReadOnlyList<TableEntity> Entities, string? Continuation, DateTimeOffset ServerTime)
{
    /// <summary>Tabs cannot be in keys, so one separates them.</summary>
    internal static string? WriteContinuation(string? nextPartitionKey, string? nextRowKey) => nextPartitionKey is null
        ? null
        : Base64Url.EncodeToString(Encoding.UTF8.GetBytes(nextRowKey is null ? nextPartitionKey : $"{nextPartitionKey}\t{nextRowKey}"));

    internal static (string PartitionKey, string? RowKey) ReadContinuation(string continuation)
    {
        try
        {
            var text = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(continuation));
            var tab = text.IndexOf('\t', StringComparison.Ordinal);
            return tab < 0 ? (text, null) : (text[..tab], text[(tab + 1)..]);
        }
        catch (FormatException exception)
        {
            throw new ArgumentException("The continuation is not one this client gave out.", nameof(continuation), exception);
        }
    }
}

/// <summary>What a write to a table left behind.</summary>
/// <param name="ETag">Of the new version; empty for a delete.</param>
/// <param name="ServerTime">The service's clock when it answered, whole seconds.</param>
public readonly record struct TableWrite(ETag ETag, DateTimeOffset ServerTime);
