using Microsoft.Extensions.AI;
using OpenClaw.Errors;

namespace OpenClaw.Models.Fields;

/// <summary>Sampling and stop sequences, which OpenAI's models do not take while they reason.</summary>
internal static class OpenAISampling
{
    private static readonly string[] Fields =
    [
        FieldName.Temperature, FieldName.TopP, FieldName.PresencePenalty, FieldName.FrequencyPenalty, FieldName.Logprobs,
        FieldName.Stop,
    ];

    /// <summary>The options as the model takes them: sampling that the request asks for comes before the reasoning of the session's
    /// settings.</summary>
    /// <exception cref="GatewayException"><c>400 unsupported_parameter</c>: the caller asked for sampling, and the model reasons in any
    /// case, or because the caller asked for that too.</exception>
    public static ChatOptions? Fit(ChatOptions? options, OpenAIModel model)
    {
        if (options is not ModelOptions more || model.TakesSampling(more.ReasoningEffort) || !Fields.Any(f => more.Asked(f) is not null))
        {
            return options;
        }

        if (more.IsEffortAsked || !model.TakesSampling(effort: null))
        {
            more.RefuseIfAsked(Fields);
        }

        var own = more.Copy();
        own.ReasoningEffort = null;
        return own;
    }
}
