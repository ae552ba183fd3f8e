using System.Buffers.Text;
using System.Text;

namespace OpenClaw.Storage;

/// <summary>One answer to a query. A page may be empty and still have a continuation.</summary>
/// <param name="Continuation">Opaque; passed back it reads on. Null at the end.</param>
public sealed record TablePage<T>(IReadOnlyList<T> Rows, string? Continuation);

/// <summary>Where a query goes on, in the form that is stored and handed out.</summary>
internal static class TableContinuation
{
    /// <summary>Tabs cannot be in keys, so one separates them.</summary>
    public static string? Write(string? nextPartitionKey, string? nextRowKey) => nextPartitionKey is null
        ? null
        : Base64Url.EncodeToString(Encoding.UTF8.GetBytes(nextRowKey is null ? nextPartitionKey : $"{nextPartitionKey}\t{nextRowKey}"));

    public static (string PartitionKey, string? RowKey) Read(string continuation)
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
