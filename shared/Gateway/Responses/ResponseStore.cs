using System.Globalization;
using System.Text.Json;
using OpenClaw.Errors;
using OpenClaw.Gateway.Responses.Wire;
using OpenClaw.Runs;
using OpenClaw.Runs.Durable;
using OpenClaw.Security;
using OpenClaw.Sessions;
using OpenClaw.Sessions.Rows;

namespace OpenClaw.Gateway.Responses;

/// <summary>Stored responses. They are stored in the partition of their session and are written in the transaction of their turn, so a
/// response that a client was told of can be retrieved and continued on any instance.</summary>
public sealed class ResponseStore(SessionStore sessions, RunReplay replay, TimeProvider time)
{
    /// <summary>The response, if it exists and the caller may see it; a response of another subject is treated as absent.</summary>
    /// <exception cref="GatewayException"><c>503 storage_unavailable</c>.</exception>
    public async Task<StoredResponse?> FindAsync(string id, Caller caller, CancellationToken cancellationToken)
    {
        if (!ResponseId.TryParse(id, out var parsed))
        {
            return null;
        }

        var found = await sessions.Transcript.ReadDocumentAsync(parsed.Partition, parsed.DocumentKey, cancellationToken);
        if (found is not var (head, json) || (!caller.IsOperator && head.GetText("Owner") != caller.Subject))
        {
            return null;
        }

        var stored = new StoredResponse(
            JsonSerializer.Deserialize(json, ResponsesJson.Default.Response)!,
            new SessionKey(head.GetText("Owner")!, head.GetText("Agent")!, head.GetText("Key")!),
            head.GetText("User"),
            ReadChain(head.GetText("Chain")),
            new TurnRange(parsed.Partition, head.GetNumber("From") ?? 0, head.GetNumber("To") ?? 0),
            (int)(head.GetNumber("InputCount") ?? 0),
            head.GetText("Run"));
        if (stored is not { Response: { Status: ResponseItems.Queued } response, RunId: { } runId })
        {
            return stored;
        }

        // Before its turn is stored, the state of a background response is in its run row.
        return await replay.FindAsync(parsed.Partition, runId, cancellationToken) switch
        {
            { IsCommitted: true } => await FindAsync(id, caller, cancellationToken), // stored between the two reads
            null or { State: RunRow.Queued, Attempt: 0 } => stored,
            { HasEnded: false } => stored with { Response = response with { Status = ResponseItems.InProgress } },
            { } row => stored with { Response = new ResponseAssembler(response, time).ToResponse([], RunReplay.EndOf(row)) },
        };
    }

    /// <summary>Whether a run holds the session right now.</summary>
    /// <exception cref="GatewayException"><c>503 storage_unavailable</c>.</exception>
    public Task<bool> IsHeldAsync(SessionKey session, CancellationToken cancellationToken) =>
        sessions.IsHeldAsync(session.Partition, cancellationToken);

    /// <summary>The conversation up to and including a response.</summary>
    public async Task<IReadOnlyList<ConversationItem>> ReadConversationAsync(
        IReadOnlyList<TurnRange> chain, CancellationToken cancellationToken)
    {
        var stretches = await Task.WhenAll(chain.Select(range => sessions.Transcript.ReadAsync(range, cancellationToken)));
        return [.. stretches.SelectMany(s => s)];
    }

    /// <summary>The input items of one response.</summary>
    public async Task<IReadOnlyList<ConversationItem>> ReadInputAsync(StoredResponse stored, CancellationToken cancellationToken)
    {
        var items = await sessions.Transcript.ReadAsync(stored.Own, cancellationToken);
        return [.. items.Take(stored.InputCount)];
    }

    /// <summary>Deletes the resource. Its items stay in the session, and responses that continue it stay as they are.</summary>
    public Task<bool> DeleteAsync(string id, CancellationToken cancellationToken) =>
        ResponseId.TryParse(id, out var parsed)
            ? sessions.Transcript.DeleteDocumentAsync(parsed.Partition, parsed.DocumentKey, cancellationToken)
            : Task.FromResult(false);

    /// <summary>The document that is stored with a turn.</summary>
    public static StoredDocument ToDocument(Response response, ResponsePlan plan, RunOutcome outcome, TurnRange own)
    {
        var properties = PropertiesOf(response, plan);
        properties["Chain"] = WriteChain(plan.Chain, own);
        properties["From"] = own.From;
        properties["To"] = own.To;
        properties["InputCount"] = outcome.Input.Count;
        return ToDocument(response, properties);
    }

    /// <summary>The document of a response that was accepted and has not run yet.</summary>
    public static StoredDocument ToQueuedDocument(Response empty, ResponsePlan plan)
    {
        var queued = empty with { Status = ResponseItems.Queued };
        return ToDocument(queued, PropertiesOf(queued, plan));
    }

    private static Dictionary<string, object> PropertiesOf(Response response, ResponsePlan plan)
    {
        var session = plan.Session!;
        var properties = new Dictionary<string, object>
        {
            ["Owner"] = session.Owner,
            ["Agent"] = session.Agent,
            ["Key"] = session.Key,
            ["Status"] = response.Status,
            ["Run"] = plan.RunId,
            ["V"] = RunRow.Version,
        };
        if (plan.User is not null)
        {
            properties["User"] = plan.User;
        }

        return properties;
    }

    private static StoredDocument ToDocument(Response response, IReadOnlyDictionary<string, object> properties)
    {
        var id = ResponseId.TryParse(response.Id, out var parsed) ? parsed
            : throw new ArgumentException("Not a response id.", nameof(response));
        return new StoredDocument(id.DocumentKey, JsonSerializer.Serialize(response, ResponsesJson.Default.Response), properties);
    }

    /// <summary>Joins neighbouring ranges, so that a conversation without forks is one query however long it is.</summary>
    private static string WriteChain(IReadOnlyList<TurnRange> ancestors, TurnRange own)
    {
        var chain = ancestors.ToList();
        if (chain is [.., var last] && last.Partition == own.Partition && last.To == own.From)
        {
            chain[^1] = last with { To = own.To };
        }
        else
        {
            chain.Add(own);
        }

        return string.Join(' ', chain.Select(r => string.Create(CultureInfo.InvariantCulture, $"{r.Partition}:{r.From}:{r.To}")));
    }

    private static List<TurnRange> ReadChain(string? text) =>
        text is null ? [] : [.. text.Split(' ').Select(part => part.Split(':')).Select(p => new TurnRange(
            p[0], long.Parse(p[1], CultureInfo.InvariantCulture), long.Parse(p[2], CultureInfo.InvariantCulture)))];
}
