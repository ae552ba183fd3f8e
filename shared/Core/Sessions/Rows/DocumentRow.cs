using System.Globalization;
using Azure.Data.Tables;
using OpenClaw.Storage;
using OpenClaw.Storage.Tables;

namespace OpenClaw.Sessions.Rows;

/// <summary>A part of a <see cref="StoredDocument"/>. The first one carries the document's properties.</summary>
public sealed class DocumentRow : TableRow, ITableRow<DocumentRow>
{
    private DocumentRow(TableEntity entity)
        : base(entity)
    {
    }

    private DocumentRow(string partition, string key, int part)
        : base(partition, KeyOf(key, part))
    {
    }

    internal string? Json => Text("Json");

    /// <summary>The blob that holds the whole document.</summary>
    internal string? Blob => Text("Blob");

    internal static string KeyOf(string key, int part) => string.Create(CultureInfo.InvariantCulture, $"{key}~{part:D3}");

    public static DocumentRow Read(TableEntity entity, StorageClock clock) => new(entity);

    internal static DocumentRow WithJson(string partition, string key, int part, string json) =>
        new(partition, key, part) { ["Json"] = json };

    internal static DocumentRow WithBlob(string partition, string key, string blob) => new(partition, key, 0) { ["Blob"] = blob };

    /// <summary>Adds one of the document's properties.</summary>
    internal void Set(string name, object value) => this[name] = value;

    /// <summary>One of the document's properties; null when it has none of this name.</summary>
    public string? GetText(string name) => Text(name);

    /// <inheritdoc cref="GetText"/>
    public long? GetNumber(string name) => Long(name);
}
