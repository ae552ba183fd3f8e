using System.Text.Json;
using OpenClaw.Configuration;
using OpenClaw.Errors;
using OpenClaw.Runs.Turns;
using OpenClaw.Sessions;
using OpenClaw.Tools;
using OpenClaw.Usage;

namespace OpenClaw.Runs.Calls;

/// <summary>Makes the calls of the gateway's tools that a model asks for, each at most once over all attempts of a durable run, unless the
/// tool says that a repetition does no harm.
/// <code>
/// (1) log: the step, and the start of each call        (2) the calls, side by side
/// (3) log: each result when it is there                (4) after a crash: a call with a start and no result is made again
///                                                          if the tool is repeatable, else the model is told that its outcome is unknown
/// A call that needs an approval waits for it between (1) and (2), and its start is logged then.
/// </code></summary>
internal sealed class OwnCalls(OwnTools tools, RunTurn turn, OwnCallServices services, RunStop stop) : IDisposable
{
    private const int MostAtOnce = 8;

    private const int MostArgumentChars = 1_000_000;

    private const int MaxDepth = 64;

    private const string Unknown = "The gateway was interrupted during this call. Its outcome is unknown: it may or may not have happened. "
        + "Check before you call it again.";

    private const string Cancelled = "The run ended before the outcome of this call was known.";

    private readonly SemaphoreSlim _places = new(MostAtOnce);
    private int _made;

    public OwnTools Tools => tools;

    /// <summary>The steps of earlier attempts.</summary>
    public async Task<List<LoggedStep>> ReadAsync(CancellationToken cancellationToken)
    {
        var steps = LoggedStep.Read(await turn.ReadLogAsync(cancellationToken));
        _made = steps.Sum(step => step.Calls.Count);
        return steps;
    }

    /// <summary>Makes the calls of a new step.</summary>
    /// <param name="items">All that the model said in the step.</param>
    /// <param name="ends">Whether the turn ends with it.</param>
    /// <returns>The results, in the order of the calls.</returns>
    /// <exception cref="GatewayException">As the run ends: cancelled, out of time, its session lost, storage down.</exception>
    /// <exception cref="OperationCanceledException">The caller left.</exception>
    public async Task<FunctionCallOutputItem[]> MakeAsync(IReadOnlyList<ConversationItem> items, RunUsage usage, bool ends)
    {
        var step = new LoggedStep(new StepEntry(items, usage, ends));
        CrashPoint.Hit("before-tool-intent");
        await LogAsync([step.Entry, .. step.Calls.Index().Where(call => !Waits(call.Item)).Select(call => new StartEntry(call.Index))]);
        CrashPoint.Hit("after-tool-intent");
        return await MakeAsync(step);
    }

    /// <summary>Makes what is left of a step's calls.</summary>
    /// <inheritdoc cref="MakeAsync(IReadOnlyList{ConversationItem}, RunUsage, bool)"/>
    public async Task<FunctionCallOutputItem[]> MakeAsync(LoggedStep step)
    {
        var first = _made;
        _made += step.Calls.Count;
        try
        {
            return await Task.WhenAll(step.Calls.Select((call, i) => MakeAsync(step, call, i, first + i)));
        }
        catch (OperationCanceledException) when (stop.HasReason)
        {
            throw new GatewayException(stop.Why);
        }
    }

    /// <summary>A result for each call that has none, for a run that ends before them.</summary>
    public static IEnumerable<FunctionCallOutputItem> WithoutResults(IEnumerable<ConversationItem> items) =>
        items.OfType<FunctionCallItem>().Where(call => call.IsOwn).Select(call => Result(call, ToolResult.Failed(Cancelled)));

    public void Dispose() => _places.Dispose();

    private async Task<FunctionCallOutputItem> MakeAsync(LoggedStep step, FunctionCallItem call, int index, int number)
    {
        if (step.Results.TryGetValue(index, out var known))
        {
            return known;
        }

        var wasStarted = step.Started.Contains(index);
        await _places.WaitAsync(stop.Token);
        try
        {
            var result = wasStarted && tools.Find(call.Name)?.IsRepeatable != true
                ? ToolResult.Failed(Unknown)
                : await CallAsync(call, index, number, isApproved: wasStarted || !Waits(call));
            CrashPoint.Hit("after-tool-call");
            var output = Result(call, result);
            await LogAsync([new ResultEntry(index, output)]);
            CrashPoint.Hit("after-tool-result");
            return output;
        }
        finally
        {
            _places.Release();
        }
    }

    private bool Waits(FunctionCallItem call) =>
        tools.Find(call.Name) is { } tool && services.Policy.RequiresApproval(tools.Context, tool);

    private async Task<ToolResult> CallAsync(FunctionCallItem item, int index, int number, bool isApproved)
    {
        if (tools.Find(item.Name) is not { } tool)
        {
            return ToolResult.Failed($"There is no tool '{item.Name}' any more.");
        }

        if (item.Arguments.Length > MostArgumentChars)
        {
            return ToolResult.Failed($"The arguments have more than {MostArgumentChars} characters.");
        }

        if (ReadArguments(item.Arguments) is not { } arguments)
        {
            return ToolResult.Failed($"The arguments must be a JSON object of at most {MaxDepth} levels.");
        }

        var call = new ToolCall($"{tools.Context.RunId}-{number}", arguments, tools.Context);
        if (!isApproved)
        {
            if (await services.Approvals.AskAsync(tool, call, stop.Token) is { } reason)
            {
                return ToolResult.Failed(reason);
            }

            await LogAsync([new StartEntry(index)]);
        }

        return await services.Invoker.RunAsync(tool, call, stop.Token);
    }

    /// <summary>Null for what is no object.</summary>
    private static JsonElement? ReadArguments(string json)
    {
        try
        {
            var arguments = JsonElement.Parse(json.Length == 0 ? "{}" : json, new JsonDocumentOptions { MaxDepth = MaxDepth });
            return arguments.ValueKind == JsonValueKind.Object ? arguments : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static FunctionCallOutputItem Result(FunctionCallItem call, ToolResult result) =>
        new(call.CallId, result.Parts) { IsError = result.IsError, IsOwn = true };

    private Task LogAsync(IReadOnlyList<CallLogEntry> entries) => turn.LogAsync(
        turn.IsDurable ? [.. entries.Select(entry => JsonSerializer.Serialize(entry, CallLogJson.Compact.CallLogEntry))] : [], stop.Token);
}
