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
    private readonly HeldOutput _held = new();
    private readonly ModelEnd _end = new();
    private readonly StringBuilder _text = new();
    private readonly StringBuilder _refusal = new();
    private JsonProgress _arguments; // of the open call
    private OpenOutput? _open;

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
            if (content is UsageContent)
            {
                continue;
            }

            if (MustWait(content))
            {
                _held.Add(content);
            }
            else
            {
                AddContent(content);
                AddHeld();
            }
        }

        _end.Add(update);
        return _pending;
    }

    /// <summary>Closes the open item. An answer without any item becomes one empty message.</summary>
    public IReadOnlyList<RunEvent> Finish()
    {
        _pending.Clear();
        CloseAll(interrupted: End() is RunIncomplete);
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
        CloseAll(interrupted: true);
        return _pending;
    }

    /// <summary>As the provider reports it.</summary>
    public RunUsage Usage => _end.Usage;

    /// <inheritdoc cref="ModelEnd.ToEvent"/>
    public RunEnded End() => _end.ToEvent();

    /// <summary>Whether the open call must get the rest of its arguments first: providers write several calls, or text and calls, side by
    /// side.</summary>
    private bool MustWait(AIContent content) => _open is { Kind: OutputKind.Call } open && !_arguments.IsWhole && content switch
    {
        ToolCallDelta delta => delta.Index != open.CallIndex && !_droppedCalls.Contains(delta.Index),
        TextContent text => text.Text.Length > 0,
        RefusalDelta refusal => refusal.Text.Length > 0,
        _ => true,
    };

    private void AddContent(AIContent content)
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
        }
    }

    private void AddHeld()
    {
        while (_open is not { Kind: OutputKind.Call } || _arguments.IsWhole)
        {
            if (_held.Take() is not { } content)
            {
                return;
            }

            AddContent(content);
        }
    }

    private void CloseAll(bool interrupted)
    {
        while (_held.Take() is { } content)
        {
            if (_open is { Kind: OutputKind.Call })
            {
                Close(interrupted && !_arguments.IsWhole);
            }

            AddContent(content);
        }

        Close(interrupted);
    }

    private void AddText(string text)
    {
        if (_open is not { Kind: OutputKind.Message } || _refusal.Length > 0)
        {
            OpenMessage(); // text after a refusal is another message: parts stay in the order they came
        }

        _text.Append(text);
        _pending.Add(new TextDelta(Index, text));
    }

    private void AddRefusal(string text)
    {
        if (_open is not { Kind: OutputKind.Message })
        {
            OpenMessage();
        }

        _refusal.Append(text);
        _pending.Add(new RefusalTextDelta(Index, text));
    }

    private void AddLogprobs(LogprobsContent content)
    {
        if (_open is { Kind: OutputKind.Message } open)
        {
            open.Logprobs.Add(content, _pending);
        }
    }

    private void AddReasoning(TextReasoningContent reasoning)
    {
        if (_open is not { Kind: OutputKind.Reasoning })
        {
            Close();
            _open = new OpenOutput(OutputKind.Reasoning, RandomId.Reasoning());
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

        if (_open is not { Kind: OutputKind.Call } || _open.CallIndex != index)
        {
            if (_closedCalls.Contains(index) && string.IsNullOrWhiteSpace(arguments))
            {
                return;
            }

            if (_closedCalls.Contains(index) || string.IsNullOrEmpty(name))
            {
                throw new GatewayException(GatewayError.UpstreamProtocol());
            }

            if (!mayCall(name) || _closedCalls.Count + (_open is { Kind: OutputKind.Call } ? 1 : 0) >= maxCalls)
            {
                _droppedCalls.Add(index);
                return;
            }

            Close();
            _open = new OpenOutput(OutputKind.Call, RandomId.FunctionCall())
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
            _arguments.Add(arguments);
            _pending.Add(new ArgumentsDelta(Index, arguments));
        }
    }

    /// <summary>A call that a foreign chat client delivers in one piece.</summary>
    private void AddWholeCall(FunctionCallContent call)
    {
        var index = -1 - _closedCalls.Count - (_open is { Kind: OutputKind.Call } ? 1 : 0);
        var arguments = call is RawFunctionCall raw ? raw.ArgumentsText : ToolArguments.Write(call.Arguments);
        AddCall(index, call.CallId, call.Name, arguments);
    }

    private void OpenMessage()
    {
        Close();
        _open = new OpenOutput(OutputKind.Message, RandomId.Message());
        _pending.Add(new ItemStarted(Index, new MessageItem("assistant", []) { Id = _open.Id }));
    }

    private void Close(bool interrupted = false)
    {
        if (_open is not { } open)
        {
            return;
        }

        if (open.Kind == OutputKind.Call)
        {
            _closedCalls.Add(open.CallIndex);
            if (_text.Length == 0 && !interrupted)
            {
                // Some providers send nothing for a call without arguments; callers parse JSON.
                _text.Append("{}");
                _pending.Add(new ArgumentsDelta(Index, "{}"));
            }
        }

        var item = open.Build(_text.ToString(), _refusal.ToString(), interrupted);
        _text.Clear();
        _refusal.Clear();
        _arguments = default;
        _open = null;
        _pending.Add(new ItemCompleted(Index, item));
        _items.Add(item);
    }
}
