using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.Extensions.AI;
using OpenClaw.Runs;
using OpenClaw.Sessions;

namespace OpenClaw.Tests.Core.Models.Streams;

/// <summary>Turns updates into run events as a run does, and checks them: one item at a time, numbered in order, each the sum of its
/// deltas.</summary>
internal sealed class StreamOutput
{
    private readonly OutputAssembler _assembler = new(_ => true);
    private readonly StringBuilder _deltas = new();
    private int? _open;
    private int _next;
    private string? _wrong;

    public async IAsyncEnumerable<ChatResponseUpdate> WatchAsync(
        IAsyncEnumerable<ChatResponseUpdate> updates, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var update in updates.WithCancellation(cancellationToken))
        {
            Check(_assembler.Add(update));
            yield return update;
        }
    }

    /// <returns>What is wrong with the events, or null.</returns>
    public string? End(bool isCut)
    {
        Check(isCut ? _assembler.Interrupt() : _assembler.Finish());
        return _wrong ?? (_open is null ? null : "an item has no end");
    }

    public string Answer()
    {
        var items = _assembler.Items;
        var parts = items.OfType<MessageItem>().SelectMany(item => item.Content).ToList();
        var calls = items.OfType<FunctionCallItem>().ToList();
        var end = _assembler.End() switch
        {
            RunIncomplete { Reason: "max_output_tokens" } => "length",
            RunIncomplete => "content_filter",
            _ => calls.Count > 0 ? "tool_calls" : "stop",
        };
        return calls.Select(call => call.CallId).Distinct().Count() < calls.Count
            ? "two calls have one id"
            : new StreamAnswer(
                string.Concat(items.OfType<ReasoningItem>().SelectMany(item => item.Summary)),
                string.Concat(parts.OfType<TextPart>().Select(part => part.Text)),
                string.Concat(parts.OfType<RefusalPart>().Select(part => part.Refusal)),
                [.. calls.Select(call => new StreamCall(call.Name, call.Arguments))],
                end).ToString();
    }

    private void Check(IEnumerable<RunEvent> events)
    {
        foreach (var runEvent in events)
        {
            var (index, delta) = runEvent switch
            {
                TextDelta text => (text.Index, text.Text),
                RefusalTextDelta text => (text.Index, text.Text),
                ReasoningDelta text => (text.Index, text.Text),
                ArgumentsDelta text => (text.Index, text.Text),
                _ => (-1, ""),
            };
            if (runEvent is ItemStarted started)
            {
                Expect(_open is null && started.Index == _next++, "an item begins before the last one ends");
                _open = started.Index;
                _deltas.Clear();
            }
            else if (runEvent is ItemCompleted completed)
            {
                Expect(_open == completed.Index && TextOf(completed.Item) == _deltas.ToString(), "an item is not the sum of its deltas");
                _open = null;
            }
            else
            {
                Expect(_open == index, "a delta of an item that is not open");
                _deltas.Append(delta);
            }
        }
    }

    private static string TextOf(ConversationItem item) => item switch
    {
        MessageItem message => string.Concat(
            message.Content.Select(part => part is TextPart text ? text.Text : ((RefusalPart)part).Refusal)),
        ReasoningItem reasoning => string.Concat(reasoning.Summary),
        FunctionCallItem call => call.Arguments,
        _ => "?",
    };

    private void Expect(bool condition, string otherwise) => _wrong ??= condition ? null : otherwise;
}
