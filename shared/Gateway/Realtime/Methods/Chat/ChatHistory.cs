using System.Globalization;
using System.Text.Json;
using OpenClaw.Agents;
using OpenClaw.Errors;
using OpenClaw.Gateway.Realtime.Events;
using OpenClaw.Gateway.Realtime.Methods.Status;
using OpenClaw.Gateway.Realtime.Protocol;
using OpenClaw.Runs;
using OpenClaw.Runs.Durable;
using OpenClaw.Runs.Live;
using OpenClaw.Security;
using OpenClaw.Sessions;
using OpenClaw.Sessions.Rows;

namespace OpenClaw.Gateway.Realtime.Methods.Chat;

/// <summary>The transcript of a session for a chat window: a page, or what came since a cursor, and the run that answers just now.</summary>
internal sealed class ChatHistory(
    SessionNames names, SessionView view, SessionStore sessions, Transcript transcript, LiveRuns live, RunReplay replay,
    AgentCatalog agents, ModelsView models)
{
    private const int DefaultLimit = 200;

    /// <summary>Bytes of an answer; a client that wants more reads page by page.</summary>
    private const int MaxBytes = 6 * 1024 * 1024;

    /// <summary>The commands that this gateway understands in a message.</summary>
    public static IReadOnlyList<CommandInfo> Commands { get; } =
    [
        new CommandInfo("new", ["/new"], "Begin a new session; what follows is its first message."),
        new CommandInfo("reset", ["/reset"], "Begin a new session; what follows is its first message."),
    ];

    public ChatMetadata Metadata() => new(models.List(), Commands);

    /// <exception cref="GatewayException"><c>400 invalid_session_key</c>, <c>400 invalid_value</c>, <c>404 model_not_found</c>,
    /// <c>503 storage_unavailable</c>.</exception>
    public async Task<ChatHistoryResult> ReadAsync(
        Caller caller, ChatHistoryParams asked, bool withMetadata, CancellationToken cancellationToken)
    {
        var (key, head) = await names.FindAsync(caller, asked.SessionKey, asked.AgentId, cancellationToken);
        var (first, end, epoch) = head is null ? (0L, 0L, 0L) : (head.EpochFrom, head.NextSeq, head.Epoch);
        var since = ReadCursor(asked.Cursor, epoch, first, end);
        var limit = asked.Limit ?? DefaultLimit;
        var to = since is null ? Math.Max(first, end - (asked.Offset ?? 0)) : end;
        var from = since ?? Math.Max(first, to - limit);
        var stored = from == to ? [] : await transcript.ReadEntriesAsync(key.Partition, from, to, cancellationToken);
        var name = SessionNames.NameFor(caller, key);
        var (messages, isCut) = Write(stored, name, key.Agent, since is not null, asked);
        var row = await view.DescribeAsync(caller, key, head, cancellationToken);
        return new ChatHistoryResult(name, row.SessionId, row, view.Defaults(agents.Find(key.Agent) ?? agents.Default))
        {
            Kind = since is not null ? "delta" : string.IsNullOrEmpty(asked.Cursor) ? null : "reset",
            Messages = messages,
            HasMore = since is null && (from > first || isCut),
            TotalMessages = end - first,
            DeltaCursor = string.Create(CultureInfo.InvariantCulture, $"{epoch}.{end}"),
            ThinkingLevel = head?.Thinking,
            InFlightRun = head is null ? null : await FindInFlightAsync(key, head, cancellationToken),
            Metadata = withMetadata ? Metadata() : null,
        };
    }

    /// <summary>The newest messages that fit, oldest first.</summary>
    private static (JsonElement Messages, bool IsCut) Write(
        List<StoredItem> stored, string name, string agent, bool isDelta, ChatHistoryParams asked)
    {
        var most = Math.Min(asked.MaxBytes ?? MaxBytes, MaxBytes);
        var (bytes, at) = (0L, stored.Count);
        var messages = new List<ChatMessage>(stored.Count);
        var runs = RunsOf(stored);
        while (at > 0)
        {
            var message = Cut(MessageView.Of(stored[at - 1], runs[at - 1]), asked.MaxChars);
            bytes += FrameWriter.Json(message, ChatMethodsJson.Default.ChatMessage).Length;
            if (bytes > most && messages.Count > 0 && !isDelta)
            {
                break;
            }

            messages.Add(message);
            at--;
        }

        messages.Reverse();
        return (
            isDelta
                ? JsonSerializer.SerializeToElement<IReadOnlyList<SessionMessagePayload>>(
                    [.. messages.Select((message, i) => new SessionMessagePayload(name, agent, message, message.Mark?.Id)
                    {
                        MessageSeq = stored[at + i].Seq,
                    })],
                    ChatMethodsJson.Default.Envelopes)
                : JsonSerializer.SerializeToElement<IReadOnlyList<ChatMessage>>(messages, ChatMethodsJson.Default.Messages),
            at > 0);
    }

    /// <summary>Which run each entry belongs to, by the name that its client gave it: that of the question before it.</summary>
    private static string?[] RunsOf(List<StoredItem> stored)
    {
        var runs = new string?[stored.Count];
        string? run = null;
        for (var i = 0; i < runs.Length; i++)
        {
            runs[i] = run = stored[i].Item is MessageItem { Role: "user" } question ? question.ClientKey : run;
        }

        return runs;
    }

    private static ChatMessage Cut(ChatMessage message, int? most) => most is not { } length ? message
        : message with
        {
            Content = [.. message.Content.Select(part => part.Text is { } text && text.Length > length
                ? part with { Text = text[..(char.IsHighSurrogate(text[length - 1]) ? length - 1 : length)] + "…" } : part)],
        };

    private async Task<InFlightRun?> FindInFlightAsync(SessionKey key, SessionHead head, CancellationToken cancellationToken)
    {
        if (live.InSession(key.Partition).FirstOrDefault(run => !run.HasEnded) is { } here)
        {
            return new InFlightRun(
                here.Alias ?? here.RunId, TextOf(here.SoFar()), here.StartedAt.ToUnixTimeMilliseconds());
        }

        if (head.LeaseRun is not { } runId || !sessions.IsHeld(head)
            || await replay.FindAsync(key.Partition, runId, cancellationToken) is not { HasEnded: false, Kind: not RunRow.Interactive } row)
        {
            return null;
        }

        var events = new List<RunEvent>();
        await foreach (var runEvent in replay.SoFarAsync(row, runId, cancellationToken))
        {
            events.Add(runEvent);
        }

        return new InFlightRun(row.Alias ?? runId, TextOf(events), row.StartedAt?.ToUnixTimeMilliseconds() ?? 0);
    }

    /// <summary>The text that clients have seen of a run.</summary>
    private static string TextOf(IReadOnlyList<RunEvent> events)
    {
        var text = new System.Text.StringBuilder();
        foreach (var runEvent in events)
        {
            _ = runEvent switch
            {
                RunResumed => text.Clear(),
                TextDelta delta => text.Append(delta.Text),
                RefusalTextDelta delta => text.Append(delta.Text),
                ItemStarted { Item: MessageItem } when text.Length > 0 => text.Append("\n\n"),
                _ => text,
            };
        }

        return text.ToString();
    }

    /// <summary>Where a delta begins; null for a page: without a cursor, or when the session was reset since.</summary>
    private static long? ReadCursor(string? cursor, long epoch, long first, long end)
    {
        if (string.IsNullOrEmpty(cursor))
        {
            return null;
        }

        var parts = cursor.Split('.');
        return parts is [var of, var at] && long.TryParse(of, NumberStyles.None, CultureInfo.InvariantCulture, out var cursorEpoch)
            && long.TryParse(at, NumberStyles.None, CultureInfo.InvariantCulture, out var seq)
            ? cursorEpoch == epoch && seq >= first && seq <= end ? seq : null
            : throw new GatewayException(GatewayError.InvalidValue("cursor", "it must come from an earlier answer."));
    }
}
