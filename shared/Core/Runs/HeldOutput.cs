using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;
using OpenClaw.Models;

namespace OpenClaw.Runs;

/// <summary>Output that arrived while a call was still being written. Items come one after the other, so it waits for the end of that
/// call. Pieces of one call are put together; the rest keeps its order.</summary>
internal sealed class HeldOutput
{
    private readonly Queue<Piece> _pieces = [];
    private readonly Dictionary<int, Piece> _calls = [];
    private Piece? _last;

    public bool IsEmpty => _pieces.Count == 0;

    public void Add(AIContent content)
    {
        if (content is ToolCallDelta delta)
        {
            if (!_calls.TryGetValue(delta.Index, out var call))
            {
                _calls[delta.Index] = call = Enqueue(delta, delta.Arguments);
            }
            else
            {
                call.Text!.Append(delta.Arguments);
                call.Extra = delta.Extra ?? call.Extra;
            }
        }
        else if (TextOf(content) is not { } text)
        {
            Enqueue(content, null);
        }
        else if (_last is { Text: { } last, First: not ToolCallDelta } && _last.First.GetType() == content.GetType())
        {
            last.Append(text);
        }
        else
        {
            Enqueue(content, text);
        }
    }

    /// <summary>Takes the first content; null when there is none.</summary>
    public AIContent? Take()
    {
        if (!_pieces.TryDequeue(out var piece))
        {
            return null;
        }

        _last = IsEmpty ? null : _last;
        var text = piece.Text?.ToString() ?? "";
        switch (piece.First)
        {
            case ToolCallDelta delta:
                _calls.Remove(delta.Index);
                return new ToolCallDelta(delta.Index, delta.CallId, delta.Name, text) { Extra = piece.Extra ?? delta.Extra };
            case TextContent:
                return new TextContent(text);
            case RefusalDelta:
                return new RefusalDelta(text);
            case TextReasoningContent { Text.Length: > 0 } reasoning:
                return new TextReasoningContent(text) { ProtectedData = reasoning.ProtectedData };
            default:
                return piece.First;
        }
    }

    private Piece Enqueue(AIContent content, string? text)
    {
        _last = new Piece(content, text is null ? null : new StringBuilder(text));
        _pieces.Enqueue(_last);
        return _last;
    }

    /// <summary>Null for content that is kept as it is.</summary>
    private static string? TextOf(AIContent content) => content switch
    {
        TextContent text => text.Text,
        RefusalDelta refusal => refusal.Text,
        TextReasoningContent { Text.Length: > 0 } reasoning => reasoning.Text,
        _ => null,
    };

    private sealed record Piece(AIContent First, StringBuilder? Text)
    {
        public JsonElement? Extra { get; set; }
    }
}
