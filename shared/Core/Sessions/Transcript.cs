using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using OpenClaw.Sessions.Rows;
using OpenClaw.Storage;
using OpenClaw.Storage.Tables;
using OpenClaw.Text;

namespace OpenClaw.Sessions;

/// <summary>Conversation items as table rows: one sequence number an item, its JSON in parts of at most 30,000 characters.
/// Items too large for that, and turns of more items than a transaction holds, go to a blob named by its SHA-256 first; the
/// row then points there.</summary>
public sealed class Transcript(GatewayStorage storage)
{
    private const string Container = "transcripts";

    /// <summary>UTF-16 units per row; the service takes 32,768.</summary>
    private const int PartLength = 30_000;

    private const int MaxPartsPerItem = 8;

    /// <summary>Rows of one turn; a transaction holds 100 operations and needs some for itself.</summary>
    private const int MaxRows = 64;

    private const int MaxDocumentParts = 16;

    /// <summary>Bytes of one turn's rows as they are sent, and of a document's: both fit into one transaction. A character that is not
    /// plain ASCII is counted as six of them, so that the rows' number alone does not bound them.</summary>
    private const int MaxTurnBytes = 2 * 1024 * 1024;

    private const int MaxDocumentBytes = 1024 * 1024;

    /// <summary>The most rows that are read as context.</summary>
    private const int HistoryRows = 400;

    /// <summary>Rows for <paramref name="items"/> from <paramref name="firstSeq"/> on; blobs they point to are written before this
    /// returns.</summary>
    /// <returns>The rows and the sequence number after them.</returns>
    public async Task<(List<TranscriptRow> Rows, long NextSeq)> PrepareAsync(
        string partition, long firstSeq, string runId, IReadOnlyList<ConversationItem> items, CancellationToken cancellationToken)
    {
        var rows = new List<TranscriptRow>(items.Count);
        var seq = firstSeq;
        foreach (var item in items)
        {
            var json = JsonSerializer.Serialize(item, SessionJson.Compact.ConversationItem);
            if (json.Length > PartLength * MaxPartsPerItem)
            {
                var blob = await SaveAsync($"[{json}]", cancellationToken);
                rows.Add(TranscriptRow.WithBlob(partition, seq++, runId, KindOf(item), blob));
                continue;
            }

            AddParts(rows, partition, seq++, runId, KindOf(item), json);
        }

        if (rows.Count <= MaxRows && rows.Sum(TableEntitySize.JsonOf) <= MaxTurnBytes)
        {
            return (rows, seq);
        }

        var pack = JsonSerializer.Serialize(items, SessionJson.Compact.Items);
        return ([TranscriptRow.WithBlob(partition, firstSeq, runId, "pack", await SaveAsync(pack, cancellationToken))], firstSeq + 1);
    }

    /// <summary>Rows of a document; a large one goes to a blob first.</summary>
    /// <param name="maxParts">How many rows it may take.</param>
    public async Task<List<DocumentRow>> PrepareDocumentAsync(
        string partition, StoredDocument document, CancellationToken cancellationToken, int maxParts = MaxDocumentParts)
    {
        var rows = new List<DocumentRow>();
        if (document.Json.Length > PartLength * maxParts || TableEntitySize.JsonOf(document.Json) > MaxDocumentBytes)
        {
            rows.Add(DocumentRow.WithBlob(partition, document.Key, await SaveAsync(document.Json, cancellationToken)));
        }
        else
        {
            Split(document.Json, (part, text) => rows.Add(DocumentRow.WithJson(partition, document.Key, part, text)));
        }

        foreach (var (name, value) in document.Properties)
        {
            rows[0].Set(name, value);
        }

        return rows;
    }

    /// <summary>A document with its first row, which carries its properties; null when there is none.</summary>
    public async Task<(DocumentRow Head, string Json)?> ReadDocumentAsync(string partition, string key, CancellationToken cancellationToken)
    {
        DocumentRow? head = null;
        var json = new StringBuilder();
        await foreach (var row in storage.Table(SessionStore.TableName).QueryAsync<DocumentRow>(
            TableQuery.WithPrefix(partition, key + "~"), cancellationToken))
        {
            head ??= row;
            json.Append(row.Json);
        }

        if (head?.Blob is { } blob)
        {
            return (head, await LoadTextAsync(blob, cancellationToken));
        }

        return head is null ? null : (head, json.ToString());
    }

    /// <summary>Deletes a document; true when there was one.</summary>
    public async Task<bool> DeleteDocumentAsync(string partition, string key, CancellationToken cancellationToken)
    {
        var table = storage.Table(SessionStore.TableName);
        var batch = new TableBatch();
        await foreach (var row in table.QueryAsync<DocumentRow>(
            TableQuery.WithPrefix(partition, key + "~") with { Select = ["Status"] }, cancellationToken))
        {
            batch.Delete(partition, row.RowKey);
        }

        if (batch.Count == 0)
        {
            return false;
        }

        await table.SubmitAsync(batch, cancellationToken);
        return true;
    }

    /// <summary>The items of one range, oldest first.</summary>
    public Task<List<ConversationItem>> ReadAsync(TurnRange range, CancellationToken cancellationToken) =>
        ReadRowsAsync(range.Partition, range.From, range.To, cancellationToken);

    /// <summary>The last items before <paramref name="nextSeq"/>, oldest first, beginning with a user message.</summary>
    /// <param name="first">Nothing before this is read.</param>
    public async Task<IReadOnlyList<ConversationItem>> ReadAsync(
        string partition, long first, long nextSeq, CancellationToken cancellationToken)
    {
        if (nextSeq == first)
        {
            return [];
        }

        var from = Math.Max(first, nextSeq - HistoryRows);
        var items = await ReadRowsAsync(partition, from, nextSeq, cancellationToken);

        // A window that begins in the middle of a turn would begin with answers without their questions.
        var start = from == first ? 0 : items.FindIndex(i => i is MessageItem { Role: "user" });
        return start > 0 ? items[start..] : items;
    }

    private async Task<List<ConversationItem>> ReadRowsAsync(string partition, long from, long to, CancellationToken cancellationToken) =>
        [.. (await ReadEntriesAsync(partition, from, to, cancellationToken)).Select(e => e.Item)];

    /// <summary>The items from one sequence number up to another, oldest first, as they are stored.</summary>
    public async Task<List<StoredItem>> ReadEntriesAsync(string partition, long from, long to, CancellationToken cancellationToken)
    {
        var items = new List<StoredItem>();
        var json = new StringBuilder();
        var remaining = 0;
        await foreach (var row in storage.Table(SessionStore.TableName).QueryAsync<TranscriptRow>(
            new TableQuery { PartitionKey = partition, RowKeyFrom = TranscriptRow.Key(from, 0), RowKeyTo = TranscriptRow.Key(to, 0) },
                cancellationToken))
        {
            if (row.Blob is { } blob)
            {
                items.AddRange((await LoadAsync(blob, cancellationToken)).Select(item => new StoredItem(row.Seq, row.Timestamp, item)));
                continue;
            }

            remaining = remaining == 0 ? row.Parts : remaining;
            json.Append(row.Json);
            if (--remaining == 0)
            {
                items.Add(new StoredItem(
                    row.Seq, row.Timestamp, JsonSerializer.Deserialize(json.ToString(), SessionJson.Default.ConversationItem)!));
                json.Clear();
            }
        }

        return items;
    }

    private static void AddParts(List<TranscriptRow> rows, string partition, long seq, string runId, string kind, string json)
    {
        var first = rows.Count;
        Split(json, (part, text) => rows.Add(TranscriptRow.WithJson(partition, seq, part, runId, kind, text)));
        rows[first].Parts = rows.Count - first;
    }

    /// <summary>Cuts text into parts without splitting a surrogate pair.</summary>
    private static void Split(string text, Action<int, string> add)
    {
        for (int at = 0, part = 0; at < text.Length; part++)
        {
            var length = Math.Min(PartLength, text.Length - at);
            if (at + length < text.Length && char.IsHighSurrogate(text[at + length - 1]))
            {
                length--;
            }

            add(part, text.Substring(at, length));
            at += length;
        }
    }

    private static string KindOf(ConversationItem item) => item switch
    {
        MessageItem message => message.Role,
        FunctionCallItem => "function_call",
        FunctionCallOutputItem => "function_call_output",
        ReasoningItem => "reasoning",
        _ => "compaction",
    };

    private async Task<string> SaveAsync(string json, CancellationToken cancellationToken)
    {
        var bytes = Encoding.UTF8.GetBytes(json);
        var name = Base32.Encode(SHA256.HashData(bytes));
        try
        {
            await storage.Container(Container).UploadAsync(name, bytes, "application/json", overwrite: false, cancellationToken);
        }
        catch (StorageException exists) when (exists.Status is 409 or 412)
        {
            // The same content is there already: its name is its hash.
        }

        return name;
    }

    private async Task<IReadOnlyList<ConversationItem>> LoadAsync(string name, CancellationToken cancellationToken)
    {
        return JsonSerializer.Deserialize(await LoadBytesAsync(name, cancellationToken), SessionJson.Default.Items) ?? [];
    }

    internal async Task<string> LoadTextAsync(string name, CancellationToken cancellationToken) =>
        Encoding.UTF8.GetString(await LoadBytesAsync(name, cancellationToken));

    private async Task<byte[]> LoadBytesAsync(string name, CancellationToken cancellationToken) =>
        await storage.Container(Container).DownloadAsync(name, cancellationToken)
            ?? throw new InvalidOperationException($"The transcript blob {name} is missing.");
}
