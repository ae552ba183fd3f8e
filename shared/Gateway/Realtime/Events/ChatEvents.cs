using System.Text;
using OpenClaw.Errors;
using OpenClaw.Gateway.Realtime.Protocol;
using OpenClaw.Runs;
using OpenClaw.Runs.Durable;
using OpenClaw.Security;
using OpenClaw.Sessions;

namespace OpenClaw.Gateway.Realtime.Events;

/// <summary>Translates one run into the events of the control plane: <c>chat</c> and <c>agent</c> for all who may read the session,
/// <c>session.tool</c> for those of them that take events of tools, <c>session.message</c> for those who subscribed to the session,
/// <c>sessions.changed</c> for those who subscribed to the list. Clients know the run
/// by the key under which they sent the message.</summary>
internal sealed class ChatEvents
{
    private readonly Factory _made;
    private readonly SessionKey _session;
    private readonly string _runId;
    private readonly StringBuilder _text = new();
    private readonly StringBuilder _delta = new();
    private readonly HashSet<string> _shown = new(StringComparer.Ordinal);
    private string _name;
    private long _chatSeq;
    private long _agentSeq;
    private long _toolSeq;
    private bool _replaces;
    private bool _hasBegun;
    private RunEnded? _end;

    private ChatEvents(Factory made, SessionKey session, string runId, string? alias) =>
        (_made, _session, _runId, _name) = (made, session, runId, alias ?? runId);

    /// <summary>Makes the translation of each run.</summary>
    internal sealed class Factory(EventBus bus, SessionView view, RunReplay replay, Transcript transcript, TimeProvider time)
    {
        public EventBus Bus => bus;

        public SessionView View => view;

        public RunReplay Replay => replay;

        public Transcript Transcript => transcript;

        public long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

        public ChatEvents Create(SessionKey session, string runId, string? alias, Func<bool> isHere) =>
            new(this, session, runId, alias) { IsHere = isHere };
    }

    /// <summary>Whether the run executes in this process.</summary>
    public required Func<bool> IsHere { get; init; }

    /// <summary>A run that ended without having begun anywhere is announced where it was accepted.</summary>
    private bool IsOrigin => !_hasBegun || IsHere();

    /// <summary>Whether a part of the answer has not been sent yet.</summary>
    public bool HasDelta => _delta.Length > 0;

    public void Take(RunEvent runEvent)
    {
        switch (runEvent)
        {
            case RunStarted started:
                Begin(started);
                break;
            case RunResumed: // the text so far is no part of the answer
                _replaces = _text.Length > 0;
                _text.Clear();
                _delta.Clear();
                break;
            case TextDelta delta:
                Add(delta.Text);
                break;
            case RefusalTextDelta delta:
                Add(delta.Text);
                break;
            case ItemStarted { Item: MessageItem } when _text.Length > 0:
                Add("\n\n");
                break;
            case ItemCompleted { Item: FunctionCallItem or FunctionCallOutputItem } completed:
                Flush(); // what was said before the call comes before it
                PublishTool(completed.Item);
                break;
            case ToolStarted started:
                Flush();
                PublishTool(started.Call);
                break;
            case ToolEnded ended:
                PublishTool(ended.Result);
                break;
            case RunEnded end:
                Flush();
                _end = end;
                break;
        }
    }

    /// <summary>Sends the joined deltas.</summary>
    public void Flush()
    {
        if (_delta.Length == 0)
        {
            return;
        }

        var (delta, text) = (_delta.ToString(), _text.ToString());
        _delta.Clear();
        PublishAgent("assistant", new AgentEventData { Text = text, Delta = delta });
        PublishChat(new ChatEventPayload { State = "delta", DeltaText = delta, Message = Assistant(text), Replace = _replaces ? true : null });
        _replaces = false;
    }

    /// <summary>Sends how the run ended, once its turn is stored.</summary>
    public async Task EndAsync(CancellationToken cancellationToken)
    {
        if (_end is not { } end)
        {
            return; // there was no such run
        }

        await PublishMessagesAsync(cancellationToken);
        var text = _text.ToString();
        PublishAgent("lifecycle", new AgentEventData
        {
            Phase = end is RunFailed ? "error" : "end",
            EndedAt = _made.Now,
            Aborted = end is RunCancelled ? true : null,
            Error = end is RunFailed failed ? failed.Error.Message : null,
        });
        PublishChat(end switch
        {
            RunCancelled or RunIncomplete { Reason: RunIncomplete.Interrupted } => new ChatEventPayload
            {
                State = "aborted",
                StopReason = "rpc",
                Message = text.Length > 0 ? Assistant(text) : null,
            },
            RunFailed failure => new ChatEventPayload
            {
                State = "error",
                ErrorMessage = failure.Error.Message,
                ErrorKind = KindOf(failure.Error),
            },
            _ => new ChatEventPayload
            {
                State = "final",
                StopReason = end is RunIncomplete { Reason: "max_output_tokens" } ? "length" : "stop",
                Message = Assistant(text),
            },
        });
        await _made.View.AnnounceAsync(_session, "agent.input.settled", cancellationToken, IsOrigin);
    }

    private void Begin(RunStarted started)
    {
        if (_hasBegun)
        {
            return;
        }

        _hasBegun = true;
        PublishAgent("lifecycle", new AgentEventData { Phase = "start", StartedAt = _made.Now });
        foreach (var item in started.Input ?? [])
        {
            Publish(new StoredItem(-1, null, item));
            PublishTool(item); // the results that a caller brings
        }

        _made.View.Announce(_session, "agent.run.started", IsOrigin);
    }

    private void Add(string text)
    {
        _text.Append(text);
        _delta.Append(text);
    }

    /// <summary>The messages of the stored turn that were not sent when it began.</summary>
    private async Task PublishMessagesAsync(CancellationToken cancellationToken)
    {
        if (await _made.Replay.FindAsync(_session.Partition, _runId, cancellationToken) is not { IsCommitted: true } row)
        {
            return;
        }

        _name = row.Alias ?? _name;
        foreach (var stored in await _made.Transcript.ReadEntriesAsync(_session.Partition, row.Range.From, row.Range.To, cancellationToken))
        {
            Publish(stored);
        }
    }

    private void Publish(StoredItem stored)
    {
        if (stored.Item.Id is { } id && !_shown.Add(id))
        {
            return;
        }

        _made.Bus.Publish(new ControlEvent(
            EventNames.SessionMessage, EventTopic.Messages, Scope.OperatorRead, _session,
            name => FrameWriter.Json(MessageView.Wrap(stored, name, _session.Agent, _name), EventsJson.Default.SessionMessagePayload))
        {
            IsOrigin = IsOrigin,
            Notice = name => FrameWriter.Json(
                MessageView.Wrap(stored, name, _session.Agent, _name).WithoutContent(), EventsJson.Default.SessionMessagePayload),
        });
    }

    private void PublishChat(ChatEventPayload payload)
    {
        var seq = _chatSeq++;
        byte[] Write(ChatEventPayload content, string name) => FrameWriter.Json(
            content with { RunId = _name, SessionKey = name, AgentId = _session.Agent, Seq = seq }, EventsJson.Default.ChatEventPayload);
        _made.Bus.Publish(new ControlEvent(
            EventNames.Chat, EventTopic.Run, Scope.OperatorRead, _session, name => Write(payload, name))
        {
            IsOrigin = IsOrigin,
            Slim = payload is { State: "delta", Replace: null } ? name => Write(payload with { Message = null }, name) : null,
            Notice = name => Write(payload with { Message = null, DeltaText = null, Truncated = true }, name),
        });
    }

    private void PublishAgent(string stream, AgentEventData data)
    {
        var (seq, at) = (_agentSeq++, _made.Now);
        byte[] Write(AgentEventData content, string name) => FrameWriter.Json(
            new AgentEventPayload(_name, stream, content, name, _session.Agent, seq, at), EventsJson.Default.AgentEventPayload);
        _made.Bus.Publish(new ControlEvent(
            EventNames.Agent, EventTopic.Run, Scope.OperatorRead, _session, name => Write(data, name))
        {
            IsOrigin = IsOrigin,
            Slim = data.Delta is null ? null : name => Write(data with { Text = null }, name),
        });
    }

    /// <summary>A call that the model asks for, or the result of one; other items are no events of tools.</summary>
    private void PublishTool(ConversationItem item)
    {
        if (ToolEvents.Of(item) is not { } data)
        {
            return;
        }

        var (seq, at) = (_toolSeq++, _made.Now);
        byte[] Write(ToolEventData content, string name) => FrameWriter.Json(
            new SessionToolPayload(_name, name, _session.Agent, content, seq, at), EventsJson.Default.SessionToolPayload);
        _made.Bus.Publish(new ControlEvent(
            EventNames.SessionTool, EventTopic.Tools, Scope.OperatorRead, _session, name => Write(data, name))
        {
            IsOrigin = IsOrigin,
            Notice = name => Write(data with { Args = null, Result = null, Truncated = true }, name),
        });
    }

    private ChatMessage Assistant(string text) => new("assistant", [new ChatContent("text") { Text = text }]) { Timestamp = _made.Now };

    private static string KindOf(GatewayError error) => error switch
    {
        { Code: ErrorCode.ContextLengthExceeded } => "context_length",
        { Status: 408 or 504 } => "timeout",
        { Status: 402 or 429 } => "rate_limit",
        _ => "unknown",
    };
}
