using System.Text.Json;
using OpenClaw.Errors;
using OpenClaw.Gateway.Responses.Wire;
using OpenClaw.Models.Fields;

namespace OpenClaw.Gateway.Responses;

/// <summary>The fields of a response request that not every provider API has, and those that the gateway cannot honour at all. What
/// becomes of each field is in <c>docs/request-fields.md</c>.</summary>
internal static class ResponseFields
{
    private const string LogprobsOfText = "message.output_text.logprobs";

    /// <summary>What a caller can ask to see. Apart from the log probabilities it is either always in the answer, or belongs to tools that
    /// this gateway does not offer, so that there is nothing to show.</summary>
    private static readonly string[] Includable =
    [
        LogprobsOfText, "reasoning.encrypted_content", "message.input_image.image_url", "file_search_call.results",
        "web_search_call.results", "web_search_call.action.sources", "computer_call_output.output.image_url",
        "code_interpreter_call.outputs",
    ];

    /// <summary>Whether the answer has the log probability of each token.</summary>
    public static bool WantsLogprobs(this CreateResponseRequest request) =>
        request.TopLogprobs > 0 || request.Include?.Contains(LogprobsOfText, StringComparer.Ordinal) == true;

    /// <exception cref="GatewayException"><c>400</c> naming the field.</exception>
    public static IReadOnlyList<AskedField> ToAsked(this CreateResponseRequest request)
    {
        Refuse(request);
        var fields = new FieldList()
            .Add(FieldName.Temperature, request.Temperature is not (null or 1))
            .Add(FieldName.TopP, request.TopP is not (null or 1))
            .Add(FieldName.PresencePenalty, request.PresencePenalty is not (null or 0))
            .Add(FieldName.FrequencyPenalty, request.FrequencyPenalty is not (null or 0))
            .Add(FieldName.Logprobs, request.WantsLogprobs(), request.TopLogprobs > 0 ? "top_logprobs" : "include")
            .Add(FieldName.Verbosity, request.Text?.Verbosity is not (null or "medium"), "text.verbosity")
            .Add(FieldName.ServiceTier, request.ServiceTier is not (null or "auto"))
            .Add(FieldName.Prompt, request.Prompt)
            .Add(FieldName.PromptCacheOptions, request.PromptCacheOptions)
            .Add(FieldName.PromptCacheRetention, request.PromptCacheRetention)
            .Add(FieldName.AccessPrograms, request.AccessPrograms)
            .Add(FieldName.ImagePolicy, request.Image)
            .Add(FieldName.ReasoningContext, request.Reasoning?.Context, "auto")
            .Add(FieldName.ReasoningMode, request.Reasoning?.Mode, "standard");
        return request.Truncation == "auto" ? [.. fields.Fields, new AskedField(FieldName.Truncation, "truncation", Auto)] : fields.Fields;
    }

    private static readonly JsonElement Auto = JsonElement.Parse("\"auto\"");

    private static void Refuse(CreateResponseRequest request)
    {
        Refuse("context_management", request.ContextManagement, "is not supported: the gateway sums up long sessions by itself.");
        Refuse("moderation", request.Moderation, "is not supported: the gateway returns no results of moderation.");
        Refuse("conversation", request.Conversation, "is not supported; use previous_response_id or user.");
        if (request.StreamOptions?.IncludeObfuscation == true)
        {
            throw Unsupported("stream_options.include_obfuscation", "is not supported: the gateway does not pad its events.");
        }

        CheckText(request.Reasoning?.Context, "reasoning.context");
        CheckText(request.Reasoning?.Mode, "reasoning.mode");
        for (var i = 0; i < request.Include?.Count; i++)
        {
            if (!Includable.Contains(request.Include[i], StringComparer.Ordinal))
            {
                throw new GatewayException(GatewayError.InvalidValue($"include[{i}]", $"one of {string.Join(", ", Includable)}."));
            }
        }
    }

    private static void Refuse(string param, JsonElement? value, string reason)
    {
        if (value is { } given && !FieldList.IsEmpty(given))
        {
            throw Unsupported(param, reason);
        }
    }

    private static void CheckText(JsonElement? value, string param)
    {
        if (value is { ValueKind: not (JsonValueKind.String or JsonValueKind.Null) })
        {
            throw new GatewayException(GatewayError.InvalidType(param, "a string"));
        }
    }

    private static GatewayException Unsupported(string param, string reason) => new(GatewayError.UnsupportedParameter(param, reason));
}
