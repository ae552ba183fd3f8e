using OpenClaw.Sessions.Rows;
using OpenClaw.Storage.Tables;

namespace OpenClaw.Sessions;

/// <summary>A run that was accepted and is executed later, on any instance.</summary>
/// <param name="Kind">The front that made the request and can restore it, such as <c>response</c>.</param>
/// <param name="Request">What that front needs to restore the run, as JSON.</param>
/// <param name="CreatedAt">When it was accepted.</param>
/// <param name="Order">Its place among the session's requests: digits of equal length.</param>
public sealed record QueuedRun(SessionKey Session, string RunId, string Kind, string Request, DateTimeOffset CreatedAt, string Order)
{
    /// <summary>The caller's own name for the run, such as an idempotency key; null when it has none.</summary>
    public string? Alias { get; init; }

    /// <summary>Other names of the event that made it: it is not accepted when one of them was accepted before.</summary>
    public IReadOnlyList<string> OtherEventIds { get; init; } = [];

    /// <summary>The place of its reply in the outbox: replies wait in the order of their requests.</summary>
    internal string ReplyId => $"{Order}~{Sessions.RunId.OwnPart(RunId)}";

    /// <summary>Other requests that this run answers with its own: they end with it.</summary>
    public IReadOnlyList<QueuedRun> Absorbed { get; init; } = [];

    /// <summary>Rows of the request's content, beside its inbox row.</summary>
    internal int Parts { get; init; }

    /// <summary>The state of the run when the request was read; null for a new one.</summary>
    internal RunRow? Row { get; init; }

    /// <summary>How many times it was begun before.</summary>
    public int Attempts => Row?.Attempt ?? 0;

    internal string RowKey => $"in~{Order}~{Sessions.RunId.OwnPart(RunId)}";

    internal string DocumentKey => "req~" + Sessions.RunId.OwnPart(RunId);

    /// <summary>Made so that rows are in order of acceptance.</summary>
    public static QueuedRun Create(SessionKey session, string runId, string kind, string request, DateTimeOffset now) =>
        new(session, runId, kind, request, now, now.UtcTicks.ToString("D19", System.Globalization.CultureInfo.InvariantCulture));

    /// <summary>Deletes the request's rows and those of absorbed ones, in the transaction that ends the run.</summary>
    internal void AddRemoval(TableBatch batch, DateTimeOffset now)
    {
        foreach (var other in Absorbed)
        {
            other.AddRemoval(batch, now);
            batch.Merge(RunRow.Ended(Session.Partition, other.RunId, RunRow.Completed, now));
        }

        batch.Delete(Session.Partition, RowKey);
        for (var part = 0; part < Parts; part++)
        {
            batch.Delete(Session.Partition, DocumentRow.KeyOf(DocumentKey, part));
        }
    }
}
