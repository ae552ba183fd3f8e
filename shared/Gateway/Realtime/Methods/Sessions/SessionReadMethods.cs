using System.Text.Json;
using OpenClaw.Agents;
using OpenClaw.Errors;
using OpenClaw.Gateway.Realtime.Events;
using OpenClaw.Security;
using OpenClaw.Sessions;
using OpenClaw.Sessions.Rows;

namespace OpenClaw.Gateway.Realtime.Methods.Sessions;

/// <summary>The session methods that change nothing, and subscriptions.</summary>
internal sealed class SessionReadMethods(
    SessionIndex index, SessionNames names, SessionView view, SessionStore sessions, Transcript transcript, AgentCatalog agents,
    TimeProvider time) : IControlMethods
{
    private const int MaxList = 500;
    private const int DefaultList = 100;
    private const int MaxPreviews = 64;
    private const int MaxMessages = 200;
    private const int TitleLength = 60;

    public void AddTo(MethodTable table)
    {
        var json = SessionMethodsJson.Default;
        table.Add("sessions.list", Scope.OperatorRead, json.SessionsListParams, json.SessionsListResult, ListAsync);
        table.Add("sessions.describe", Scope.OperatorRead, json.SessionKeyParams, json.SessionDescription, DescribeAsync);
        table.Add("sessions.get", Scope.OperatorRead, json.SessionKeyParams, json.SessionMessages, GetAsync);
        table.Add("sessions.preview", Scope.OperatorRead, json.SessionsPreviewParams, json.SessionsPreviewResult, PreviewAsync);
        table.Add("sessions.resolve", Scope.OperatorRead, json.SessionsResolveParams, json.SessionsResolveResult, ResolveAsync);
        table.Add("sessions.subscribe", Scope.OperatorRead, json.SubscribeParams, json.SubscribeResult,
            (call, _, token) => SubscribeAsync(call, true, token));
        table.Add("sessions.unsubscribe", Scope.OperatorRead, json.SubscribeParams, json.SubscribeResult,
            (call, _, token) => SubscribeAsync(call, false, token));
        table.Add("sessions.messages.subscribe", Scope.OperatorRead, json.SessionKeyParams, json.SubscribeResult,
            (call, given, token) => SubscribeAsync(call, given, true, token));
        table.Add("sessions.messages.unsubscribe", Scope.OperatorRead, json.SessionKeyParams, json.SubscribeResult,
            (call, given, token) => SubscribeAsync(call, given, false, token));
    }

    /// <summary>Newest first, pinned ones before.</summary>
    private async Task<SessionsListResult> ListAsync(ControlCall call, SessionsListParams asked, CancellationToken cancellationToken)
    {
        var caller = call.Caller;
        var (limit, offset) = (Math.Min(asked.Limit ?? DefaultList, MaxList), asked.Offset ?? 0);
        var oldest = asked.ActiveMinutes is { } minutes ? time.GetUtcNow() - TimeSpan.FromMinutes(minutes) : DateTimeOffset.MinValue;
        var found = (await index.ListNewestAsync(caller.IsOperator ? null : caller.Subject, cancellationToken))
            .FindAll(entry => entry.UpdatedAt >= oldest && IsAsked(entry, asked));
        var page = found.Skip(offset).Take(limit).ToList();
        var rows = await Task.WhenAll(page.Select(entry => RowAsync(caller, entry, asked, cancellationToken)));
        var next = offset + rows.Length;
        return new SessionsListResult(
            time.GetUtcNow().ToUnixTimeMilliseconds(), "table:sessions", rows.Length, found.Count, limit, next < found.Count,
            view.Defaults(agents.Find(asked.AgentId) ?? agents.Default), rows)
        {
            NextOffset = next < found.Count ? next : null,
        };
    }

    private async Task<SessionRowInfo> RowAsync(
        Caller caller, SessionEntry entry, SessionsListParams asked, CancellationToken cancellationToken)
    {
        var row = view.Describe(caller, entry);
        if (asked is not ({ IncludeLastMessage: true } or { IncludeDerivedTitles: true })
            || await sessions.FindAsync(new SessionKey(entry.Owner, entry.Agent, entry.Key), cancellationToken) is not { } head
            || head.IsEmpty)
        {
            return row;
        }

        var last = asked.IncludeLastMessage == true
            ? await ReadTextAsync(head, Math.Max(head.EpochFrom, head.NextSeq - 4), head.NextSeq, fromEnd: true, cancellationToken) : null;
        var first = asked.IncludeDerivedTitles == true && entry.Title is null
            ? await ReadTextAsync(head, head.EpochFrom, Math.Min(head.NextSeq, head.EpochFrom + 4), fromEnd: false, cancellationToken) : null;
        return row with
        {
            LastMessagePreview = last is null ? null : Shorten(last.Value.Text, 200),
            DerivedTitle = first is null ? null : Shorten(first.Value.Text, TitleLength),
        };
    }

    private async Task<SessionDescription> DescribeAsync(ControlCall call, SessionKeyParams asked, CancellationToken cancellationToken)
    {
        var (key, head) = await names.FindAsync(call.Caller, asked.Key, asked.AgentId, cancellationToken);
        return new SessionDescription
        {
            Session = head is null ? null : await view.DescribeAsync(call.Caller, key, head, cancellationToken),
        };
    }

    private async Task<SessionMessages> GetAsync(ControlCall call, SessionKeyParams asked, CancellationToken cancellationToken)
    {
        var (key, head) = await names.FindAsync(call.Caller, asked.Key, asked.AgentId, cancellationToken);
        return new SessionMessages(head is null ? []
            : [.. (await transcript.ReadEntriesAsync(
                key.Partition, Math.Max(head.EpochFrom, head.NextSeq - MaxMessages), head.NextSeq, cancellationToken))
                .Select(stored => MessageView.Of(stored))]);
    }

    private async Task<SessionsPreviewResult> PreviewAsync(
        ControlCall call, SessionsPreviewParams asked, CancellationToken cancellationToken)
    {
        var previews = await Task.WhenAll(asked.Keys.Take(MaxPreviews).Select(name => PreviewAsync(call.Caller, name, asked, cancellationToken)));
        return new SessionsPreviewResult(time.GetUtcNow().ToUnixTimeMilliseconds(), previews);
    }

    private async Task<SessionPreview> PreviewAsync(
        Caller caller, string name, SessionsPreviewParams asked, CancellationToken cancellationToken)
    {
        var (key, head) = await names.FindAsync(caller, name, null, cancellationToken);
        if (head is null)
        {
            return new SessionPreview(name, "missing", []);
        }

        var from = Math.Max(head.EpochFrom, head.NextSeq - (asked.Limit ?? 12));
        var items = (await transcript.ReadEntriesAsync(key.Partition, from, head.NextSeq, cancellationToken))
            .Select(stored => MessageView.Of(stored))
            .Select(message => new PreviewItem(message.Role, Shorten(TextOf(message), asked.MaxChars ?? 240)))
            .Where(item => item.Text.Length > 0).ToList();
        return new SessionPreview(name, items.Count == 0 ? "empty" : "ok", items);
    }

    private async Task<SessionsResolveResult> ResolveAsync(
        ControlCall call, SessionsResolveParams asked, CancellationToken cancellationToken)
    {
        if (asked.Key is { } name)
        {
            var (key, head) = await names.FindAsync(call.Caller, name, asked.AgentId, cancellationToken);
            return head is not null ? Resolved(SessionNames.NameFor(call.Caller, key), key.Agent) : Missing(asked, name);
        }

        if (asked.SessionId is null && asked.Label is null)
        {
            throw new GatewayException(GatewayError.MissingField("key"));
        }

        var owner = call.Caller.IsOperator ? null : call.Caller.Subject;
        var found = new List<SessionEntry>();
        await foreach (var entry in index.ReadAsync(owner, after: null, expected: null, cancellationToken))
        {
            if ((asked.AgentId is null || entry.Agent.Equals(asked.AgentId, StringComparison.OrdinalIgnoreCase))
                && (asked.SessionId is { } id ? SessionView.IdOf(entry.Partition, entry.Epoch) == id : entry.Title == asked.Label))
            {
                found.Add(entry);
            }
        }

        return found switch
        {
            [var only] => Resolved(view.Describe(call.Caller, only).Key, only.Agent),
            [] => Missing(asked, asked.SessionId ?? asked.Label!),
            _ => throw new GatewayException(GatewayError.InvalidValue("label", "several sessions have it; name one by its key.")),
        };

        static SessionsResolveResult Resolved(string key, string agent) => new(true) { Key = key, AgentId = agent };

        static SessionsResolveResult Missing(SessionsResolveParams asked, string name) => asked.AllowMissing == true
            ? new SessionsResolveResult(false)
            : throw new GatewayException(GatewayError.SessionNotFound(name));
    }

    private static async Task<SubscribeResult> SubscribeAsync(ControlCall call, bool wanted, CancellationToken cancellationToken)
    {
        await call.Client.Subscriptions.SetSessionsAsync(wanted, cancellationToken);
        return new SubscribeResult(wanted);
    }

    private async Task<SubscribeResult> SubscribeAsync(
        ControlCall call, SessionKeyParams asked, bool wanted, CancellationToken cancellationToken)
    {
        var (key, _) = await names.FindAsync(call.Caller, asked.Key, asked.AgentId, cancellationToken);
        await call.Client.Subscriptions.SetMessagesAsync(key, wanted, cancellationToken);
        return new SubscribeResult(wanted) { Key = SessionNames.NameFor(call.Caller, key) };
    }

    private async Task<(string Role, string Text)?> ReadTextAsync(
        SessionHead head, long from, long to, bool fromEnd, CancellationToken cancellationToken)
    {
        var messages = (await transcript.ReadEntriesAsync(head.PartitionKey, from, to, cancellationToken))
            .Where(stored => stored.Item is MessageItem { Role: "user" or "assistant" }).Select(stored => MessageView.Of(stored))
            .Select(message => (message.Role, Text: TextOf(message))).Where(message => message.Text.Length > 0).ToList();
        return messages.Count == 0 ? null : fromEnd ? messages[^1] : messages[0];
    }

    private static string TextOf(ChatMessage message) => string.Concat(message.Content.Select(part => part.Text ?? ""));

    private static bool IsAsked(SessionEntry entry, SessionsListParams asked) =>
        (asked.AgentId is null || entry.Agent.Equals(asked.AgentId, StringComparison.OrdinalIgnoreCase))
        && (asked.Label is null || entry.Title == asked.Label)
        && asked.SpawnedBy.ValueKind != JsonValueKind.String // no session has another one as its parent
        && (string.IsNullOrWhiteSpace(asked.Search)
            || entry.Key.Contains(asked.Search.Trim(), StringComparison.OrdinalIgnoreCase)
            || entry.Title?.Contains(asked.Search.Trim(), StringComparison.OrdinalIgnoreCase) == true)
        && asked.Archived.ValueKind switch
        {
            JsonValueKind.True => entry.IsArchived,
            JsonValueKind.String when asked.Archived.ValueEquals("all") => true,
            _ => !entry.IsArchived,
        };

    private static string Shorten(string text, int most)
    {
        var line = text.ReplaceLineEndings(" ").Trim();
        return line.Length <= most ? line : line[..(char.IsHighSurrogate(line[most - 1]) ? most - 1 : most)] + "…";
    }
}
