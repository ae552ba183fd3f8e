using Microsoft.Extensions.AI;

namespace OpenClaw.Models.Upstream;

/// <summary>
/// What providers call the end of an answer. A word that is not in the table is judged by its parts (<c>max_new_tokens</c>,
/// <c>upstream_error</c>). A word that says nothing is an error: told as <c>stop</c>, a cut answer would pass for a whole one, and
/// told as <c>length</c>, agents would ask for the rest again and again.
/// </summary>
internal static class FinishReasons
{
    /// <summary>The provider broke off: there is no whole answer.</summary>
    public static readonly ChatFinishReason Broken = new("error");

    // Sources: the API references of OpenAI, Anthropic, Mistral (model_length), DeepSeek (insufficient_system_resource), Zhipu
    // (sensitive, network_error), Cohere (COMPLETE, ERROR_TOXIC, …), Gemini (SAFETY, RECITATION, …), Bedrock (guardrail_intervened),
    // Qianfan (normal) and the servers Text Generation Inference (eos_token), vLLM and SGLang (abort).
    private static readonly Dictionary<string, ChatFinishReason> Known = new(StringComparer.OrdinalIgnoreCase)
    {
        ["stop"] = ChatFinishReason.Stop,
        ["end_turn"] = ChatFinishReason.Stop,
        ["stop_sequence"] = ChatFinishReason.Stop,
        ["eos"] = ChatFinishReason.Stop,
        ["eos_token"] = ChatFinishReason.Stop,
        ["complete"] = ChatFinishReason.Stop,
        ["completed"] = ChatFinishReason.Stop,
        ["normal"] = ChatFinishReason.Stop,
        ["pause_turn"] = ChatFinishReason.Stop, // only server-side tools cause it, and the gateway asks for none
        ["tool_calls"] = ChatFinishReason.ToolCalls,
        ["tool_call"] = ChatFinishReason.ToolCalls,
        ["tool_use"] = ChatFinishReason.ToolCalls,
        ["function_call"] = ChatFinishReason.ToolCalls,
        ["length"] = ChatFinishReason.Length,
        ["max_tokens"] = ChatFinishReason.Length,
        ["max_output_tokens"] = ChatFinishReason.Length,
        ["model_length"] = ChatFinishReason.Length,
        ["model_context_window_exceeded"] = ChatFinishReason.Length,
        ["error_limit"] = ChatFinishReason.Length,
        ["content_filter"] = ChatFinishReason.ContentFilter,
        ["refusal"] = ChatFinishReason.ContentFilter,
        ["sensitive"] = ChatFinishReason.ContentFilter,
        ["error_toxic"] = ChatFinishReason.ContentFilter,
        ["guardrail_intervened"] = ChatFinishReason.ContentFilter,
        ["safety"] = ChatFinishReason.ContentFilter,
        ["image_safety"] = ChatFinishReason.ContentFilter,
        ["recitation"] = ChatFinishReason.ContentFilter,
        ["language"] = ChatFinishReason.ContentFilter,
        ["blocklist"] = ChatFinishReason.ContentFilter,
        ["prohibited_content"] = ChatFinishReason.ContentFilter,
        ["spii"] = ChatFinishReason.ContentFilter,
        ["error"] = Broken,
        ["insufficient_system_resource"] = Broken,
        ["network_error"] = Broken,
        ["abort"] = Broken,
        ["malformed_function_call"] = Broken,
        ["user_cancel"] = Broken,
    };

    private static readonly (ChatFinishReason Reason, string[] Parts)[] Parts =
    [
        (Broken,
            ["error", "fail", "failed", "failure", "abort", "aborted", "cancel", "canceled", "cancelled", "interrupted", "timeout",
             "malformed", "insufficient", "overloaded", "unavailable", "incomplete", "disconnected"]),
        (ChatFinishReason.ContentFilter, ["filter", "filtered", "safety", "blocked", "moderation", "refused", "policy", "guardrail"]),
        (ChatFinishReason.Length, ["length", "limit", "max", "tokens", "truncated", "exceeded"]),
        (ChatFinishReason.ToolCalls, ["tool", "tools", "function"]),
        (ChatFinishReason.Stop, ["stop", "stopped", "end", "eos", "finish", "finished", "done", "success"]),
    ];

    /// <summary>Null when the provider named no reason.</summary>
    public static ChatFinishReason? Of(string? reason)
    {
        if (string.IsNullOrEmpty(reason))
        {
            return null;
        }

        if (Known.TryGetValue(reason, out var known))
        {
            return known;
        }

        var words = reason.Split(['_', '-', ' ', '.', ':'], StringSplitOptions.RemoveEmptyEntries);
        foreach (var (meaning, parts) in Parts)
        {
            if (words.Any(word => parts.Contains(word, StringComparer.OrdinalIgnoreCase)))
            {
                return meaning;
            }
        }

        return Broken;
    }
}
