using System.Buffers.Text;
using System.Text;

namespace OpenClaw.Storage.Tables;

/// <summary>One answer to a query. A page may be empty and still have a continuation.</summary>
/// <param name="Continuation">Opaque; passed back it reads on. Null at the end.</param>
public sealed record TablePage<T>(IReadOnlyList<T> Rows, string? Continuation);

/// <summary>Where a query goes on, in the form that is stored: base64url of the two keys, a tab between them. The SDK separates them by a
/// space.</summary>
internal static class TableContinuation
{
    /// <param name="token">The SDK's; empty or null at the end.</param>
    public static string? Write(string? token) =>
        string.IsNullOrEmpty(token) ? null : Base64Url.EncodeToString(Encoding.UTF8.GetBytes(token.TrimEnd(' ').Replace(' ', '\t')));

    /// <returns>The SDK's token.</returns>
    public static string Read(string continuation)
    {
        try
        {
            return Encoding.UTF8.GetString(Base64Url.DecodeFromChars(continuation)).Replace('\t', ' ');
        }
        catch (FormatException exception)
        {
            throw new ArgumentException("The continuation is not one this client gave out.", nameof(continuation), exception);
        }
    }
}
