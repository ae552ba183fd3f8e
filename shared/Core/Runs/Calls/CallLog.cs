using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using OpenClaw.Sessions;
using OpenClaw.Usage;

namespace OpenClaw.Runs.Calls;

/// <summary>What a run writes before and after calls of the gateway's tools. Their order: the step; for each call its start and its
/// result.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(StepEntry), "step")]
[JsonDerivedType(typeof(StartEntry), "start")]
[JsonDerivedType(typeof(ResultEntry), "result")]
internal abstract record CallLogEntry;

/// <summary>A model has ended a step with calls.</summary>
/// <param name="Items">All that it said in the step.</param>
/// <param name="Usage">Of this step.</param>
/// <param name="Ends">Whether the turn ends with the calls, because some are the client's.</param>
internal sealed record StepEntry(IReadOnlyList<ConversationItem> Items, RunUsage Usage, bool Ends) : CallLogEntry;

/// <summary>A call begins; without a result nobody knows whether it happened.</summary>
/// <param name="Call">The number of the call in its step, from 0.</param>
internal sealed record StartEntry(int Call) : CallLogEntry;

/// <param name="Call">The number of the call in its step.</param>
internal sealed record ResultEntry(int Call, ConversationItem Result) : CallLogEntry;

/// <summary>A step as the log has it.</summary>
internal sealed class LoggedStep(StepEntry entry)
{
    public StepEntry Entry => entry;

    /// <summary>The calls that the gateway makes.</summary>
    public IReadOnlyList<FunctionCallItem> Calls { get; } = [.. entry.Items.OfType<FunctionCallItem>().Where(call => call.IsOwn)];

    public HashSet<int> Started { get; } = [];

    public Dictionary<int, FunctionCallOutputItem> Results { get; } = [];

    public bool IsOver => Results.Count == Calls.Count;

    public static List<LoggedStep> Read(IEnumerable<string> entries)
    {
        var steps = new List<LoggedStep>();
        foreach (var json in entries)
        {
            switch (JsonSerializer.Deserialize(json, CallLogJson.Compact.CallLogEntry))
            {
                case StepEntry step:
                    steps.Add(new LoggedStep(step));
                    break;
                case StartEntry start:
                    steps[^1].Started.Add(start.Call);
                    break;
                case ResultEntry { Result: FunctionCallOutputItem result } end:
                    steps[^1].Results[end.Call] = result;
                    break;
            }
        }

        return steps;
    }
}

/// <summary>JSON of the log. Additions are compatible; renames are not.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CallLogEntry))]
internal sealed partial class CallLogJson : JsonSerializerContext
{
    /// <summary>Text as it is, as in <see cref="SessionJson.Compact"/>.</summary>
    public static CallLogJson Compact { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
