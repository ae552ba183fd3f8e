using OpenClaw.Sessions;
using OpenClaw.Usage;

namespace OpenClaw.Runs.Calls;

/// <summary>The steps of a run whose model has ended: their items with the results of the gateway's calls.</summary>
internal sealed class StepsSoFar
{
    private readonly List<ConversationItem> _items = [];
    private RunUsage? _usage;
    private LoggedStep? _restored;

    /// <summary>Items and results, in order; the results of the last step once they are there.</summary>
    public IReadOnlyList<ConversationItem> Items => _items;

    public int Count { get; private set; }

    /// <summary>Calls so far, of the client's tools too.</summary>
    public int Calls { get; private set; }

    public bool HasCalls => Calls > 0;

    /// <summary>Calls of the last step that have no results.</summary>
    public IReadOnlyList<FunctionCallItem> OpenCalls { get; private set; } = [];

    /// <summary>Whether the turn ends with the last step.</summary>
    public bool Ends { get; private set; }

    /// <summary>How the last step ended.</summary>
    public RunEnded End { get; private set; } = new RunCompleted(RunUsage.None);

    public RunUsage Usage => _usage ?? RunUsage.None;

    private IReadOnlyList<ConversationItem> LastStep { get; set; } = [];

    private RunUsage LastUsage { get; set; } = RunUsage.None;

    public RunUsage UsageWith(RunUsage open) => _usage is null ? open : _usage.Add(open);

    public void Add(IReadOnlyList<ConversationItem> items, RunUsage usage, RunEnded end)
    {
        var calls = items.OfType<FunctionCallItem>().ToList();
        (LastStep, LastUsage, _usage, End) = (items, usage, UsageWith(usage), end);
        OpenCalls = end is RunCompleted ? [.. calls.Where(call => call.IsOwn)] : []; // an answer that was cut may lack arguments
        Ends = OpenCalls.Count == 0 || calls.Exists(call => !call.IsOwn);
        _items.AddRange(items);
        (Count, Calls) = (Count + 1, Calls + calls.Count);
    }

    /// <summary>Takes over a step of an earlier attempt.</summary>
    public void Restore(LoggedStep step)
    {
        Add(step.Entry.Items, step.Entry.Usage, new RunCompleted(step.Entry.Usage));
        _restored = step.IsOver ? null : step;
        if (step.IsOver)
        {
            Answer([.. step.Results.OrderBy(result => result.Key).Select(result => result.Value)]);
        }
    }

    /// <summary>Makes the calls that have no results yet.</summary>
    public async Task<IReadOnlyList<FunctionCallOutputItem>> MakeAsync(OwnCalls calls)
    {
        if (OpenCalls.Count == 0)
        {
            return [];
        }

        var results = _restored is { } step ? await calls.MakeAsync(step) : await calls.MakeAsync(LastStep, LastUsage, Ends);
        _restored = null;
        Answer(results);
        return results;
    }

    /// <summary>The output of the run when it ends now.</summary>
    /// <param name="open">What the step under way has said.</param>
    public IReadOnlyList<ConversationItem> ItemsWith(IReadOnlyList<ConversationItem> open) =>
        [.. _items, .. OwnCalls.WithoutResults(OpenCalls), .. open, .. OwnCalls.WithoutResults(open)];

    /// <summary>Cuts results, for a prompt that is too long.</summary>
    /// <returns>Whether there was something to cut.</returns>
    public bool Shorten()
    {
        var hasCut = false;
        for (var i = 0; i < _items.Count; i++)
        {
            if (_items[i] is FunctionCallOutputItem { IsOwn: true } result && ToolText.Shorten(result) is { } shorter)
            {
                (_items[i], hasCut) = (shorter, true);
            }
        }

        return hasCut;
    }

    private void Answer(IReadOnlyList<FunctionCallOutputItem> results)
    {
        _items.AddRange(results);
        OpenCalls = [];
    }
}
