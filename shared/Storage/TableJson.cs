using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Azure;

namespace OpenClaw.Storage;

/// <summary>Entities as the Table service writes them: OData JSON with minimal metadata, straight from and to UTF-8.</summary>
internal static class TableJson
{
    /// <summary>Not the no-metadata kind, which returns Int64, DateTime, Guid and Binary as bare strings.</summary>
    public const string ContentType = "application/json;odata=minimalmetadata";

    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    public static void Write(IBufferWriter<byte> output, TableEntity entity)
    {
        using var writer = new Utf8JsonWriter(output, Compact);
        writer.WriteStartObject();
        writer.WriteString("PartitionKey"u8, entity.PartitionKey);
        writer.WriteString("RowKey"u8, entity.RowKey);
        foreach (var (name, value) in (Dictionary<string, object>)entity.Properties)
        {
            WriteProperty(writer, name, value);
        }

        writer.WriteEndObject();
    }

    public static void WriteTableName(IBufferWriter<byte> output, string name)
    {
        using var writer = new Utf8JsonWriter(output, Compact);
        writer.WriteStartObject();
        writer.WriteString("TableName"u8, name);
        writer.WriteEndObject();
    }

    public static TableEntity ReadEntity(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body);
        reader.Read();
        return ReadEntity(ref reader, new TableNames());
    }

    public static List<TableEntity> ReadEntities(ReadOnlySpan<byte> body)
    {
        var entities = new List<TableEntity>();
        var names = new TableNames();
        var reader = new Utf8JsonReader(body);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isValue = reader.ValueTextEquals("value"u8);
            reader.Read();
            if (!isValue)
            {
                reader.Skip();
                continue;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
            {
                entities.Add(ReadEntity(ref reader, names));
            }
        }

        return entities;
    }

    public static string Format(DateTimeOffset date) => date.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture);

    private static void WriteProperty(Utf8JsonWriter writer, string name, object value)
    {
        switch (value)
        {
            case string text:
                writer.WriteString(name, text);
                break;
            case int number:
                writer.WriteNumber(name, number);
                break;
            case bool truth:
                writer.WriteBoolean(name, truth);
                break;
            case double number:
                WriteType(writer, name, "Edm.Double"u8); // a whole number would come back as Int32
                writer.WriteNumber(name, number);
                break;
            case long number:
                WriteType(writer, name, "Edm.Int64"u8);
                Span<byte> digits = stackalloc byte[20];
                number.TryFormat(digits, out var length, default, CultureInfo.InvariantCulture);
                writer.WriteString(name, digits[..length]);
                break;
            case DateTimeOffset date:
                WriteType(writer, name, "Edm.DateTime"u8);
                writer.WriteString(name, Format(date));
                break;
            case Guid guid:
                WriteType(writer, name, "Edm.Guid"u8);
                writer.WriteString(name, guid);
                break;
            case byte[] bytes:
                WriteType(writer, name, "Edm.Binary"u8);
                writer.WriteBase64String(name, bytes);
                break;
        }
    }

    private static void WriteType(Utf8JsonWriter writer, string name, ReadOnlySpan<byte> type) => writer.WriteString($"{name}@odata.type", type);

    private static TableEntity ReadEntity(ref Utf8JsonReader reader, TableNames names)
    {
        string partitionKey = "", rowKey = "";
        ETag etag = default;
        DateTimeOffset? timestamp = null;
        var type = EdmType.None;
        var values = names.Values;
        values.Clear();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = names.Read(ref reader);
            reader.Read();
            switch (name)
            {
                case "PartitionKey": partitionKey = reader.GetString()!; break;
                case "RowKey": rowKey = reader.GetString()!; break;
                case "Timestamp": timestamp = reader.GetDateTimeOffset(); break;
                case "odata.etag": etag = new ETag(reader.GetString()!); break;
                case var _ when name.EndsWith("@odata.type", StringComparison.Ordinal):
                    type = ReadType(ref reader); // stands right before its property
                    continue;
                case var _ when name.Contains('.', StringComparison.Ordinal) || reader.TokenType == JsonTokenType.Null:
                    reader.Skip();
                    break;
                default: values.Add(new(name, ReadValue(ref reader, type))); break;
            }

            type = EdmType.None;
        }

        var entity = new TableEntity(partitionKey, rowKey, etag, timestamp);
        foreach (var (name, value) in values)
        {
            entity.SetAsRead(name, value);
        }

        return entity;
    }

    private static EdmType ReadType(ref Utf8JsonReader reader) =>
        reader.ValueTextEquals("Edm.Int64"u8) ? EdmType.Int64
        : reader.ValueTextEquals("Edm.DateTime"u8) ? EdmType.DateTime
        : reader.ValueTextEquals("Edm.Guid"u8) ? EdmType.Guid
        : reader.ValueTextEquals("Edm.Binary"u8) ? EdmType.Binary
        : reader.ValueTextEquals("Edm.Double"u8) ? EdmType.Double
        : EdmType.None;

    private static object ReadValue(ref Utf8JsonReader reader, EdmType type)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.True or JsonTokenType.False:
                return reader.GetBoolean();
            case JsonTokenType.Number when type == EdmType.Double:
                return reader.GetDouble();
            case JsonTokenType.Number:
                return reader.TryGetInt32(out var number) ? (object)number : reader.GetDouble();
            default:
                return type switch
                {
                    EdmType.Int64 => long.Parse(reader.GetString()!, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture),
                    EdmType.DateTime => reader.GetDateTimeOffset(),
                    EdmType.Guid => reader.GetGuid(),
                    EdmType.Binary => reader.GetBytesFromBase64(),
                    EdmType.Double => double.Parse(reader.GetString()!, CultureInfo.InvariantCulture),
                    _ => (object)reader.GetString()!,
                };
        }
    }

    private enum EdmType
    {
        None,
        Int64,
        DateTime,
        Guid,
        Binary,
        Double,
    }

    /// <summary>Rows of a page have the same names in the same order: each name becomes a string once.</summary>
    private sealed class TableNames
    {
        private readonly List<string> _seen = [];
        private int _next;

        /// <summary>Reused from row to row.</summary>
        public List<KeyValuePair<string, object>> Values { get; } = [];

        public string Read(ref Utf8JsonReader reader)
        {
            for (var tried = 0; tried < _seen.Count; tried++)
            {
                _next = _next >= _seen.Count ? 0 : _next;
                var candidate = _seen[_next++];
                if (reader.ValueTextEquals(candidate))
                {
                    return candidate;
                }
            }

            var name = reader.GetString()!;
            _seen.Add(name);
            _next = _seen.Count;
            return name;
        }
    }
}
