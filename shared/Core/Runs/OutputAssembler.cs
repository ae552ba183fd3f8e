using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;
using OpenClaw.Errors;
using OpenClaw.Models;
using OpenClaw.Runs.Input;
using OpenClaw.Sessions;
using OpenClaw.Text;
using OpenClaw.Usage;

namespace OpenClaw.Runs;

/// <summary>Turns what a model streams into run events: finds where items begin and end, gives them ids, and keeps the whole
/// for storage. The result does not depend on how the provider cut its answer.</summary>
/// <param name="mayCall">Whether the model may call a tool of this name; calls of other tools are dropped.</param>
/// <param name="maxCalls">Calls beyond this many are dropped.</param>
/// <param name="firstIndex">The number of the first item; above 0 when an earlier attempt already showed some.</param>
public sealed class OutputAssembler(Func<string, bool> mayCall, int maxCalls = int.MaxValue, int firstIndex = 0)
{
    private readonly List<ConversationItem> _items = [];
    private readonly List<RunEvent> _pending = [];
    private readonly HashSet<int> _closedCalls = [];
    private readonly HashSet<int> _droppedCalls = [];
    private readonly StringBuilder _text = new();
    private readonly StringBuilder _refusal = new();
    private UsageDetails? _usage;
    private ChatFinishReason? _finish;
    private string? _stopSequence;
    private OpenItem? _open;

    /// <summary>Items that are whole, in order.</summary>
    public IReadOnlyList<ConversationItem> Items => _items;

    private int Index => firstIndex + _items.Count;

    /// <summary>The events of the last step, also when the step failed half way.</summary>
    public IReadOnlyList<RunEvent> Pending => _pending;

    /// <summary>True once the model has given any text, reasoning or call.</summary>
    public bool HasOutput => _open is not null || _items.Count > 0;

    public bool HasCalls => _items.Any(i => i is FunctionCallItem);

    /// <summary>Adds one update of the model.</summary>
    /// <returns>The events that result from it; valid until the next call.</returns>
    /// <exception cref="GatewayException"><c>502 upstream_protocol</c>: a piece of a call that is already closed, or that was never
    /// named.</exception>
    public IReadOnlyList<RunEvent> Add(ChatResponseUpdate update)
    {
        _pending.Clear();
        foreach (var content in update.Contents)
        {
            switch (content)
            {
                case TextContent { Text.Length: > 0 } text:
                    AddText(text.Text);
                    break;
                case RefusalDelta { Text.Length: > 0 } refusal:
                    AddRefusal(refusal.Text);
                    break;
                case LogprobsContent logprobs:
                    AddLogprobs(logprobs);
                    break;
                case TextReasoningContent reasoning:
                    AddReasoning(reasoning);
                    break;
                case ToolCallDelta delta:
                    AddCall(delta.Index, delta.CallId, delta.Name, delta.Arguments, delta.Extra);
                    break;
                case FunctionCallContent call:
                    AddWholeCall(call);
                    break;
                case UsageContent usage:
                    _usage = usage.Details;
                    break;
            }
        }

        _finish = update.FinishReason ?? _finish;
        _stopSequence = ModelJson.Property(update.AdditionalProperties, ModelProperties.StopSequence) ?? _stopSequence;
        return _pending;
    }

    /// <summary>Closes the open item. An answer without any item becomes one empty message.</summary>
    public IReadOnlyList<RunEvent> Finish()
    {
        _pending.Clear();
        Close(interrupted: End() is RunIncomplete);
        if (_items.Count == 0)
        {
            OpenMessage();
            Close();
        }

        return _pending;
    }

    /// <summary>Closes the open item as cut off, for a run that ends before its model does.</summary>
    public IReadOnlyList<RunEvent> Interrupt()
    {
        _pending.Clear();
        Close(interrupted: true);
        return _pending;
    }

    /// <summary>As the provider reports it.</summary>
    public RunUsage Usage => RunUsage.Of(_usage);

    /// <summary>How the model says it ended.</summary>
    public RunEnded End() =>
        _finish == ChatFinishReason.Length ? new RunIncomplete(Usage, "max_output_tokens")
        : _finish == ChatFinishReason.ContentFilter ? new RunIncomplete(Usage, "content_filter")
        : new RunCompleted(Usage) { StopSequence = _stopSequence };

    private void AddText(string text)
    {
        if (_open is not { Kind: ItemKind.Message } || _refusal.Length > 0)
        {
            OpenMessage(); // text after a refusal is another message: parts stay in the order they came
        }

        _text.Append(text);
        _pending.Add(new TextDelta(Index, text));
    }

    private void AddRefusal(string text)
    {
        if (_open is not { Kind: ItemKind.Message })
        {
            OpenMessage();
        }

        _refusal.Append(text);
        _pending.Add(new RefusalTextDelta(Index, text));
    }

    /// <summary>Gives the log probabilities to the piece of text that they came with.</summary>
    private void AddLogprobs(LogprobsContent content)
    {
        if (_open is not { Kind: ItemKind.Message } open)
        {
            return;
        }

        (content.IsRefusal ? open.RefusalLogprobs : open.TextLogprobs).AddRange(content.Tokens);
        if (_pending.Count > 0)
        {
            _pending[^1] = _pending[^1] switch
            {
                TextDelta delta when !content.IsRefusal => delta with { Logprobs = content.Tokens },
                RefusalTextDelta delta when content.IsRefusal => delta with { Logprobs = content.Tokens },
                var other => other,
            };
        }
    }

    private void AddReasoning(TextReasoningContent reasoning)
    {
        if (_open is not { Kind: ItemKind.Reasoning })
        {
            Close();
            _open = new OpenItem(ItemKind.Reasoning, RandomId.Reasoning());
            _pending.Add(new ItemStarted(Index, new ReasoningItem([]) { Id = _open.Id }));
        }

        _open.Encrypted = reasoning.ProtectedData ?? _open.Encrypted;
        if (reasoning.Text.Length > 0)
        {
            _text.Append(reasoning.Text);
            _pending.Add(new ReasoningDelta(Index, reasoning.Text));
        }
    }

    private void AddCall(int index, string? callId, string? name, string arguments, JsonElement? extra = null)
    {
        if (_droppedCalls.Contains(index))
        {
            return;
        }

        if (_open is not { Kind: ItemKind.Call } || _open.CallIndex != index)
        {
            if (_closedCalls.Contains(index) || string.IsNullOrEmpty(name))
            {
                throw new GatewayException(GatewayError.UpstreamProtocol());
            }

            if (!mayCall(name) || _closedCalls.Count + (_open is { Kind: ItemKind.Call } ? 1 : 0) >= maxCalls)
            {
                _droppedCalls.Add(index);
                return;
            }

            Close();
            _open = new OpenItem(ItemKind.Call, RandomId.FunctionCall())
            {
                CallIndex = index,
                CallId = string.IsNullOrEmpty(callId) ? RandomId.Call() : callId,
                Name = name,
            };
            _pending.Add(new ItemStarted(Index, new FunctionCallItem(_open.CallId, name, "") { Id = _open.Id, Extra = extra }));
        }

        _open.Extra = extra ?? _open.Extra;

        if (arguments.Length > 0)
        {
            _text.Append(arguments);
            _pending.Add(new ArgumentsDelta(Index, arguments));
        }
    }

    /// <summary>A call that a foreign chat client delivers in one piece.</summary>
    private void AddWholeCall(FunctionCallContent call)
    {
        var index = -1 - _closedCalls.Count - (_open is { Kind: ItemKind.Call } ? 1 : 0);
        var arguments = call is RawFunctionCall raw ? raw.ArgumentsText : ToolArguments.Write(call.Arguments);
        AddCall(index, call.CallId, call.Name, arguments);
    }

    private void OpenMessage()
    {
        Close();
        _open = new OpenItem(ItemKind.Message, RandomId.Message());
        _pending.Add(new ItemStarted(Index, new MessageItem("assistant", []) { Id = _open.Id }));
    }

    private void Close(bool interrupted = false)
    {
        if (_open is not { } open)
        {
            return;
        }

        if (open.Kind == ItemKind.Call)
        {
            _closedCalls.Add(open.CallIndex);
            if (_text.Length == 0)
            {
                // Some providers send nothing for a call without arguments; callers parse JSON.
                _text.Append("{}");
                _pending.Add(new ArgumentsDelta(Index, "{}"));
            }
        }

        var item = Build(open, interrupted);
        _text.Clear();
        _refusal.Clear();
        _open = null;
        _pending.Add(new ItemCompleted(Index, item));
        _items.Add(item);
    }

    private ConversationItem Build(OpenItem open, bool interrupted)
    {
        var text = _text.ToString();
        switch (open.Kind)
        {
            case ItemKind.Reasoning:
                return new ReasoningItem(
                    text.Length > 0 ? [text] : [])
                { Id = open.Id, EncryptedContent = open.Encrypted, Interrupted = interrupted };
            case ItemKind.Call:
                return new FunctionCallItem(open.CallId!, open.Name!, text)
                { Id = open.Id, Interrupted = interrupted, Extra = open.Extra };
            default:
                var parts = new List<ConversationPart>(2);
                if (text.Length > 0 || _refusal.Length == 0)
                {
                    parts.Add(new TextPart(text) { Logprobs = open.TextLogprobs is { Count: > 0 } tokens ? tokens : null });
                }

                if (_refusal.Length > 0)
                {
                    parts.Add(new RefusalPart(_refusal.ToString())
                    {
                        Logprobs = open.RefusalLogprobs is { Count: > 0 } tokens ? tokens : null,
                    });
                }

                return new MessageItem("assistant", parts) { Id = open.Id, Interrupted = interrupted };
        }
    }

    private enum ItemKind
    {
        Message,
        Reasoning,
        Call,
    }

    private sealed record OpenItem(ItemKind Kind, string Id)
    {
        public int CallIndex { get; init; }

        public string? CallId { get; init; }

        public string? Name { get; init; }

        public string? Encrypted { get; set; }

        public JsonElement? Extra { get; set; }

        public List<TokenLogprob> TextLogprobs { get; } = [];

        public List<TokenLogprob> RefusalLogprobs { get; } = [];
    }
}
