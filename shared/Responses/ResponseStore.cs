using System.Globalization;
using System.Text.Json;
using OpenClaw.Runs;
using OpenClaw.Security;
using OpenClaw.Sessions;
using OpenClaw.Storage;

namespace OpenClaw.Responses;

/// <summary>A stored response with what is needed to continue it.</summary>
/// <param name="Session">The session its turn belongs to.</param>
/// <param name="Chain">The stretches of its conversation, oldest first: all ancestors and itself.</param>
/// <param name="Own">Its own stretch: input, then output.</param>
/// <param name="InputCount">How many items of its own stretch are input.</param>
public sealed record StoredResponse(
    Response Response, SessionKey Session, string? User, IReadOnlyList<TurnRange> Chain, TurnRange Own, int InputCount);

/// <summary>Stored responses. They lie in the partition of their session and are written in the transaction of their turn, so a
/// response that was announced can be retrieved and continued on any instance.</summary>
public sealed class ResponseStore(SessionStore sessions)
{
    /// <summary>The response, if it exists and the caller may see it; a foreign one is as good as none.</summary>
    /// <exception cref="GatewayException"><c>503 storage_unavailable</c>.</exception>
    public async Task<StoredResponse?> FindAsync(string id, Caller caller, CancellationToken cancellationToken)
    {
        if (!ResponseId.TryParse(id, out var parsed))
        {
            return null;
        }

        var found = await Guard(() => sessions.Transcript.ReadDocumentAsync(parsed.Partition, parsed.DocumentKey, cancellationToken));
        if (found is not var (head, json) || (!caller.IsOperator && head.GetString("Owner") != caller.Subject))
        {
            return null;
        }

        return new StoredResponse(
            JsonSerializer.Deserialize(json, ResponsesJson.Default.Response)!,
            new SessionKey(head.GetString("Owner")!, head.GetString("Agent")!, head.GetString("Key")!),
            head.GetString("User"),
            ReadChain(head.GetString("Chain")!),
            new TurnRange(parsed.Partition, head.GetInt64("From") ?? 0, head.GetInt64("To") ?? 0),
            head.GetInt32("InputCount") ?? 0);
    }

    /// <summary>Whether a run holds the session right now.</summary>
    /// <exception cref="GatewayException"><c>503 storage_unavailable</c>.</exception>
    public Task<bool> IsHeldAsync(SessionKey session, CancellationToken cancellationToken) =>
        Guard(() => sessions.IsHeldAsync(session.Partition, cancellationToken));

    /// <summary>The conversation up to and including a response.</summary>
    public async Task<IReadOnlyList<ConversationItem>> ReadConversationAsync(StoredResponse stored, CancellationToken cancellationToken)
    {
        var stretches = await Guard(() => Task.WhenAll(stored.Chain.Select(range => sessions.Transcript.ReadAsync(range, cancellationToken))));
        return [.. stretches.SelectMany(s => s)];
    }

    /// <summary>The input items of one response.</summary>
    public async Task<IReadOnlyList<ConversationItem>> ReadInputAsync(StoredResponse stored, CancellationToken cancellationToken)
    {
        var items = await Guard(() => sessions.Transcript.ReadAsync(stored.Own, cancellationToken));
        return [.. items.Take(stored.InputCount)];
    }

    /// <summary>Forgets the resource; what was said stays in its session, and responses that continue it stay as they are.</summary>
    public Task<bool> DeleteAsync(string id, CancellationToken cancellationToken) =>
        ResponseId.TryParse(id, out var parsed)
            ? Guard(() => sessions.Transcript.DeleteDocumentAsync(parsed.Partition, parsed.DocumentKey, cancellationToken))
            : Task.FromResult(false);

    /// <summary>The document that is stored with a turn.</summary>
    /// <param name="ancestors">The chain the response continues; empty for a first one.</param>
    public static StoredDocument ToDocument(
        Response response, SessionKey session, string? user, IReadOnlyList<TurnRange> ancestors, RunOutcome outcome, TurnRange own)
    {
        var id = ResponseId.TryParse(response.Id, out var parsed) ? parsed : throw new ArgumentException("Not a response id.", nameof(response));
        var properties = new Dictionary<string, object>
        {
            ["Owner"] = session.Owner,
            ["Agent"] = session.Agent,
            ["Key"] = session.Key,
            ["Chain"] = WriteChain(ancestors, own),
            ["From"] = own.From,
            ["To"] = own.To,
            ["InputCount"] = outcome.Input.Count,
            ["Status"] = response.Status,
        };
        if (user is not null)
        {
            properties["User"] = user;
        }

        return new StoredDocument(id.DocumentKey, JsonSerializer.Serialize(response, ResponsesJson.Default.Response), properties);
    }

    /// <summary>Neighbouring stretches become one, so that a conversation without forks stays one query however long it is.</summary>
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

    private static List<TurnRange> ReadChain(string text) =>
        [.. text.Split(' ').Select(part => part.Split(':')).Select(p => new TurnRange(
            p[0], long.Parse(p[1], CultureInfo.InvariantCulture), long.Parse(p[2], CultureInfo.InvariantCulture)))];

    private static async Task<T> Guard<T>(Func<Task<T>> read)
    {
        try
        {
            return await read();
        }
        catch (StorageException failure)
        {
            throw new GatewayException(GatewayError.StorageUnavailable(), failure);
        }
    }
}
