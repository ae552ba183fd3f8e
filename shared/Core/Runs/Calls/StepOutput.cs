using Microsoft.Extensions.AI;
using OpenClaw.Errors;
using OpenClaw.Models;
using OpenClaw.Runs.Context;
using OpenClaw.Sessions;
using OpenClaw.Usage;

namespace OpenClaw.Runs.Calls;

/// <summary>What a model says in the step that is under way.</summary>
internal sealed class StepOutput(OutputAssembler output)
{
    private RunUsage? _usage;

    public OutputAssembler Output => output;

    /// <summary>The items with the model that made them, where they hold state that must go back to that model only.</summary>
    public IReadOnlyList<ConversationItem> ItemsOf(ModelTarget target, OwnTools tools) => [.. output.Items.Select(item => item switch
    {
        FunctionCallItem call => call with { IsOwn = tools.Has(call.Name), Origin = call.Extra is null ? call.Origin : target.Reference },
        ReasoningItem => item with { Origin = target.Reference },
        _ => item,
    })];

    /// <summary>Complete once the output is.</summary>
    public RunUsage UsageOf((IReadOnlyList<ChatMessage> Messages, ModelOptions Options) asked) => _usage ??= output.Usage.Estimate(
        () => CallEstimate.OfPrompt(asked.Messages, asked.Options), () => CallEstimate.OfAnswer(output.Items));

    /// <returns>Why the update is no valid part of an answer, or null.</returns>
    public GatewayError? Take(ChatResponseUpdate update)
    {
        try
        {
            output.Add(update);
            return null;
        }
        catch (GatewayException failure)
        {
            return failure.Error;
        }
    }
}
