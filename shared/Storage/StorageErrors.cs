using System.Globalization;
using System.Text.Json;
using System.Xml;

namespace OpenClaw.Storage;

/// <summary>Reads what the services say about failures: <c>&lt;Error&gt;&lt;Code&gt;</c> from Blob and Queue, <c>odata.error.code</c> from Table.</summary>
internal static class StorageErrors
{
    public static string? ReadCode(ReadOnlySpan<byte> body)
    {
        var text = body.TrimStart("\ufeff"u8).TrimStart(" \r\n"u8);
        try
        {
            return text.StartsWith("{"u8) ? ReadJson(text, "code") : text.StartsWith("<"u8) ? ReadXml(text) : null;
        }
        catch (Exception exception) when (exception is JsonException or XmlException or InvalidOperationException)
        {
            return null; // a proxy's page, not the service's answer
        }
    }

    /// <summary>The message of a table error, which for a batch starts with the index of the failed operation.</summary>
    public static string? ReadTableMessage(ReadOnlySpan<byte> body)
    {
        try
        {
            return ReadJson(body, "value");
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    public static DateTimeOffset? ReadDate(string? text) =>
        DateTimeOffset.TryParseExact(text, "R", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date) ? date : null;

    public static TimeSpan? ReadRetryAfter(string? text, DateTimeOffset now) => text is null ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? TimeSpan.FromSeconds(seconds)
        : ReadDate(text) is { } date && date > now ? date - now : null;

    private static string? ReadJson(ReadOnlySpan<byte> body, string wanted)
    {
        var reader = new Utf8JsonReader(body);
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals(wanted))
            {
                reader.Read();
                return reader.GetString();
            }
        }

        return null;
    }

    private static string? ReadXml(ReadOnlySpan<byte> body)
    {
        using var reader = StorageXml.Read(body.ToArray());
        return reader.ReadToFollowing("Code") ? reader.ReadElementContentAsString() : null;
    }
}
