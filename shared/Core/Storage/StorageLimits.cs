using System.Buffers;
using OpenClaw.Storage.Tables;

namespace OpenClaw.Storage;

/// <summary>
/// What the services accept. Checked here because the emulator enforces only some of it.
/// Source: learn.microsoft.com/azure/storage/tables/scalability-targets, "Understanding the Table service data model",
/// "Performing entity group transactions", "Queues scalability targets", "Lease Blob".
/// </summary>
internal static class StorageLimits
{
    /// <summary>UTF-16 characters of a string property: 64 KiB.</summary>
    public const int PropertyChars = 32 * 1024;

    /// <summary>Bytes of a binary property.</summary>
    public const int PropertyBytes = 64 * 1024;

    /// <summary>Own properties of an entity, beside the two keys and the timestamp.</summary>
    public const int Properties = 252;

    public const int PropertyNameChars = 255;

    /// <summary>UTF-16 characters of a partition key or row key: 1 KiB.</summary>
    public const int KeyChars = 512;

    /// <summary>Bytes of an entity as <see cref="TableEntitySize"/> counts them.</summary>
    public const int EntityBytes = 1024 * 1024;

    public const int BatchOperations = 100;

    /// <summary>Bytes of a whole batch request.</summary>
    public const int BatchBytes = 4 * 1024 * 1024;

    /// <summary>Rows of one page of a query, and blobs of one page here.</summary>
    public const int PageRows = 1000;

    /// <summary>UTF-8 bytes of a queue message before base64, which makes 64 KiB of them.</summary>
    public const int QueueMessageBytes = 48 * 1024;

    /// <summary>Messages of one receive or peek.</summary>
    public const int QueueBatch = 32;

    public const int BlobNameChars = 1024;

    private static readonly SearchValues<char> ForbiddenInKeys = SearchValues.Create([.. "/\\#?", .. ControlCharacters()]);

    internal static void CheckKey(string key, string which)
    {
        if (key.Length > KeyChars)
        {
            throw new StorageLimitException($"{which} has {key.Length} characters; the limit is {KeyChars}.");
        }

        if (key.AsSpan().IndexOfAny(ForbiddenInKeys) >= 0)
        {
            throw new StorageLimitException($"{which} holds one of / \\ # ? or a control character; encode it first.");
        }

        CheckText(key, which);
    }

    /// <summary>A half surrogate pair would be stored as a replacement character: text that was cut wrongly is refused, not
    /// changed.</summary>
    internal static void CheckText(string text, string which)
    {
        var rest = text.AsSpan();
        for (var at = rest.IndexOfAnyInRange('\ud800', '\udfff'); at >= 0; at = rest.IndexOfAnyInRange('\ud800', '\udfff'))
        {
            if (!char.IsHighSurrogate(rest[at]) || at + 1 == rest.Length || !char.IsLowSurrogate(rest[at + 1]))
            {
                throw new StorageLimitException($"{which} holds half of a surrogate pair.");
            }

            rest = rest[(at + 2)..];
        }
    }

    internal static void CheckProperty(string name, object value)
    {
        CheckPropertyName(name);
        switch (value)
        {
            case string { Length: > PropertyChars }:
                throw new StorageLimitException($"Property {name} has more than {PropertyChars} UTF-16 characters (64 KiB).");
            case byte[] { Length: > PropertyBytes }:
                throw new StorageLimitException($"Property {name} has more than {PropertyBytes} bytes (64 KiB).");
            case double number when !double.IsFinite(number):
                throw new StorageLimitException($"Property {name} is not a finite number.");
            case DateTimeOffset { UtcDateTime.Year: < 1601 }:
                throw new StorageLimitException($"Property {name} lies before the year 1601.");
            case string text:
                CheckText(text, $"Property {name}");
                break;
            case int or long or bool or double or DateTimeOffset or Guid or byte[]:
                break;
            default:
                throw new ArgumentException($"Property {name}: a table cannot store {value.GetType().Name}.", nameof(value));
        }
    }

    private static void CheckPropertyName(string name)
    {
        var valid = name.Length is > 0 and <= PropertyNameChars && (char.IsAsciiLetter(name[0]) || name[0] == '_');
        foreach (var c in name)
        {
            valid &= char.IsAsciiLetterOrDigit(c) || c == '_';
        }

        if (!valid)
        {
            throw new StorageLimitException(
                $"A property name is letters, digits and underscores, no digit first, at most {PropertyNameChars}.");
        }
    }

    /// <summary>3 to 63 characters: letters and digits, a letter first.</summary>
    internal static void CheckTableName(string name)
    {
        var valid = name.Length is >= 3 and <= 63 && char.IsAsciiLetter(name[0]);
        foreach (var c in name)
        {
            valid &= char.IsAsciiLetterOrDigit(c);
        }

        if (!valid)
        {
            throw new StorageLimitException($"'{name}' is no table name: 3 to 63 letters and digits, a letter first.");
        }
    }

    /// <summary>3 to 63 characters: lower-case letters, digits and single hyphens, none at the ends.</summary>
    internal static void CheckContainerOrQueueName(string name)
    {
        var valid = name.Length is >= 3 and <= 63 && name[0] != '-' && name[^1] != '-' && !name.Contains("--", StringComparison.Ordinal);
        foreach (var c in name)
        {
            valid &= char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-';
        }

        if (!valid)
        {
            throw new StorageLimitException(
                $"'{name}' is no container or queue name: 3 to 63 lower-case letters, digits and single hyphens.");
        }
    }

    /// <summary>Dot segments are refused: every hop between us and the blob would be free to fold them.</summary>
    internal static void CheckBlobName(string name)
    {
        if (name.Length is 0 or > BlobNameChars)
        {
            throw new StorageLimitException($"A blob name has 1 to {BlobNameChars} characters, not {name.Length}.");
        }

        CheckText(name, "The blob name");
        foreach (var range in name.AsSpan().SplitAny('/', '\\'))
        {
            if (name.AsSpan(range) is "." or "..")
            {
                throw new StorageLimitException("A blob name must not hold the path segments '.' or '..'.");
            }
        }
    }

    private static char[] ControlCharacters()
    {
        var controls = new List<char>();
        for (var c = '\0'; c <= '\u009f'; c++)
        {
            if (char.IsControl(c))
            {
                controls.Add(c);
            }
        }

        return [.. controls];
    }
}
