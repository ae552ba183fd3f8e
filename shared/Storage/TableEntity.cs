using System.Runtime.CompilerServices;
using Azure;

namespace OpenClaw.Storage;

/// <summary>
/// One row. Property values are <see cref="string"/>, <see cref="int"/>, <see cref="long"/>, <see cref="bool"/>, <see cref="double"/>,
/// <see cref="DateTimeOffset"/> (stored as UTC), <see cref="Guid"/> or <see cref="byte"/> arrays; there are no nulls: setting null removes.
/// </summary>
public sealed class TableEntity
{
    private readonly Dictionary<string, object> _properties = new(StringComparer.Ordinal);

    /// <exception cref="StorageLimitException">A key is longer than <see cref="StorageLimits.KeyChars"/> or holds <c>/ \ # ?</c> or a control character.</exception>
    public TableEntity(string partitionKey, string rowKey)
    {
        StorageLimits.CheckKey(partitionKey, "The partition key");
        StorageLimits.CheckKey(rowKey, "The row key");
        PartitionKey = partitionKey;
        RowKey = rowKey;
    }

    internal TableEntity(string partitionKey, string rowKey, ETag etag, DateTimeOffset? timestamp)
    {
        PartitionKey = partitionKey;
        RowKey = rowKey;
        ETag = etag;
        Timestamp = timestamp;
    }

    public string PartitionKey { get; }

    public string RowKey { get; }

    /// <summary>Of the version that was read; empty on an entity that was not read.</summary>
    public ETag ETag { get; }

    /// <summary>When the service last wrote it; null on an entity that was not read.</summary>
    public DateTimeOffset? Timestamp { get; }

    public IReadOnlyDictionary<string, object> Properties => _properties;

    /// <summary>Null when there is no such property.</summary>
    /// <exception cref="StorageLimitException">Name or value is beyond what the service takes; see <see cref="StorageLimits"/>.</exception>
    /// <exception cref="ArgumentException">The value's type is none of those a table stores.</exception>
    public object? this[string name]
    {
        get => _properties.GetValueOrDefault(name);
        set
        {
            CheckName(name);
            if (value is null)
            {
                _properties.Remove(name);
                return;
            }

            CheckValue(name, value);
            _properties[name] = value;
            if (_properties.Count > StorageLimits.Properties)
            {
                _properties.Remove(name);
                throw new StorageLimitException($"An entity has at most {StorageLimits.Properties} properties.");
            }
        }
    }

    public string? GetString(string name) => Get(name) as string ?? NullOrMismatch<string>(name);

    public byte[]? GetBytes(string name) => Get(name) as byte[] ?? NullOrMismatch<byte[]>(name);

    public int? GetInt32(string name) => Get(name) is int value ? value : NullOrMismatch<int?>(name);

    public long? GetInt64(string name) => Get(name) switch { long value => value, int value => value, _ => NullOrMismatch<long?>(name) };

    public bool? GetBoolean(string name) => Get(name) is bool value ? value : NullOrMismatch<bool?>(name);

    public double? GetDouble(string name) => Get(name) switch { double value => value, int value => value, _ => NullOrMismatch<double?>(name) };

    public DateTimeOffset? GetDateTimeOffset(string name) => Get(name) is DateTimeOffset value ? value : NullOrMismatch<DateTimeOffset?>(name);

    public Guid? GetGuid(string name) => Get(name) is Guid value ? value : NullOrMismatch<Guid?>(name);

    internal void SetAsRead(string name, object value) => _properties[name] = value;

    internal static void CheckName(string name)
    {
        var valid = name.Length is > 0 and <= StorageLimits.PropertyNameChars && (char.IsAsciiLetter(name[0]) || name[0] == '_');
        foreach (var c in name)
        {
            valid &= char.IsAsciiLetterOrDigit(c) || c == '_';
        }

        if (!valid || name is "PartitionKey" or "RowKey" or "Timestamp")
        {
            throw new StorageLimitException(
                $"A property name is letters, digits and underscores, no digit first, at most {StorageLimits.PropertyNameChars}, and no system property.");
        }
    }

    private static void CheckValue(string name, object value)
    {
        switch (value)
        {
            case string { Length: > StorageLimits.PropertyChars }:
                throw new StorageLimitException($"Property {name} has more than {StorageLimits.PropertyChars} UTF-16 characters (64 KiB).");
            case byte[] { Length: > StorageLimits.PropertyBytes }:
                throw new StorageLimitException($"Property {name} has more than {StorageLimits.PropertyBytes} bytes (64 KiB).");
            case double number when !double.IsFinite(number):
                throw new StorageLimitException($"Property {name} is not a finite number.");
            case DateTimeOffset { UtcDateTime.Year: < 1601 }:
                throw new StorageLimitException($"Property {name} lies before the year 1601.");
            case string text:
                StorageLimits.CheckText(text, $"Property {name}");
                break;
            case int or long or bool or double or DateTimeOffset or Guid or byte[]:
                break;
            default:
                throw new ArgumentException($"Property {name}: a table cannot store {value.GetType().Name}.", nameof(value));
        }
    }

    private object? Get(string name) => _properties.GetValueOrDefault(name);

    private T? NullOrMismatch<T>(string name, [CallerMemberName] string accessor = "") => Get(name) is { } value
        ? throw new InvalidOperationException($"{accessor}: property {name} holds {value.GetType().Name}.")
        : default;
}
