using OpenClaw.Models;
using OpenClaw.Sessions;

namespace OpenClaw.Runs.Context;

/// <summary>The calls of a conversation with their results, for <see cref="HistoryRepair"/>.</summary>
internal sealed class AnsweredCalls
{
    private const string NoResult = "No result: this call was not answered.";

    private readonly IReadOnlyList<ConversationItem> _items;
    private readonly Dictionary<int, string> _ids = [];
    private readonly Dictionary<int, FunctionCallOutputItem> _results = [];
    private readonly Dictionary<string, FunctionCallOutputItem> _byId = new(StringComparer.Ordinal);
    private readonly HashSet<int> _used = [];

    private AnsweredCalls(IReadOnlyList<ConversationItem> items) => _items = items;

    public static AnsweredCalls Of(IReadOnlyList<ConversationItem> items)
    {
        var calls = new AnsweredCalls(items);
        calls.FindResults();
        calls.NameCalls();
        return calls;
    }

    /// <summary>What a model says in one answer: neighbours of these kinds belong together.</summary>
    public static bool IsOfAnswer(ConversationItem item) =>
        item is MessageItem { Role: "assistant" } or FunctionCallItem or ReasoningItem;

    /// <summary>Whether the item at this place is the result of a call.</summary>
    public bool IsResult(int index) => _used.Contains(index);

    /// <summary>An item of an answer as providers take it; null when it is left out.</summary>
    public ConversationItem? Fit(int index) => _items[index] switch
    {
        ReasoningItem { Interrupted: true } => null,
        MessageItem message => HistoryRepair.IsEmpty(message) ? null : message,
        FunctionCallItem call when call.Interrupted && !_results.ContainsKey(index) => null,
        FunctionCallItem call => call with
        {
            CallId = _ids[index],
            Name = HistoryRepair.NameOf(call.Name),
            Arguments = call.Interrupted && !ModelJson.IsObject(call.Arguments) ? "{}" : call.Arguments,
        },
        var item => item,
    };

    /// <summary>The result of a call that <see cref="Fit"/> gave.</summary>
    public FunctionCallOutputItem ResultOf(FunctionCallItem call) => _byId.GetValueOrDefault(call.CallId)
        ?? new FunctionCallOutputItem(call.CallId, [new TextPart(NoResult)]) { IsError = true };

    /// <summary>A result belongs to the latest answer with an open call of its id; in that answer to the first, since results of equal
    /// ids come in the order of their calls.</summary>
    private void FindResults()
    {
        var open = new Dictionary<string, List<(int Answer, int Call)>>(StringComparer.Ordinal);
        var answer = 0;
        for (var i = 0; i < _items.Count; i++)
        {
            switch (_items[i])
            {
                case FunctionCallItem call:
                    if (!open.TryGetValue(call.CallId, out var same))
                    {
                        open[call.CallId] = same = [];
                    }

                    same.Add((answer, i));
                    break;
                case FunctionCallOutputItem output when open.TryGetValue(output.CallId, out var waiting) && waiting.Count > 0:
                    var latest = waiting.FindIndex(candidate => candidate.Answer == waiting[^1].Answer);
                    _results[waiting[latest].Call] = output;
                    waiting.RemoveAt(latest);
                    _used.Add(i);
                    break;
            }

            answer += IsOfAnswer(_items[i]) ? 0 : 1;
        }
    }

    private void NameCalls()
    {
        var given = _items.OfType<FunctionCallItem>().Select(call => call.CallId).ToHashSet(StringComparer.Ordinal);
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < _items.Count; i++)
        {
            if (_items[i] is not FunctionCallItem call)
            {
                continue;
            }

            var id = call.CallId;
            var count = counts.GetValueOrDefault(id);
            if (count > 0 || id.Length == 0)
            {
                do
                {
                    id = $"{call.CallId}_{++count}";
                }
                while (!given.Add(id));
            }

            counts[call.CallId] = Math.Max(count, 1);
            _ids[i] = id;
            if (_results.TryGetValue(i, out var result))
            {
                _byId[id] = result with { CallId = id };
            }
        }
    }
}
