using System.Text.Json;
using OpenClaw.Models;
using OpenClaw.Models.Anthropic;
using OpenClaw.Runs;
using OpenClaw.Sessions;
using OpenClaw.Usage;

namespace OpenClaw.Gateway.Messages;

/// <summary>The result of a run, in the terms of the Messages API.</summary>
internal static class MessageContent
{
    public static JsonElement EmptyInput { get; } = JsonElement.Parse("{}");

    /// <summary>A whole item as a block; null for one without content. Text and refusal of a message are one block.</summary>
    /// <param name="showsText">Whether thinking is readable.</param>
    public static ContentBlock? ToBlock(ConversationItem item, bool showsText) => item switch
    {
        MessageItem message when TextOf(message) is { Length: > 0 } text => new TextBlock(text),
        FunctionCallItem call => new ToolUseBlock(call.CallId, call.Name, InputOf(call.Arguments))
        {
            ExtraContent = CallExtra.Field(call.Extra, "extra_content"),
            ProviderSpecificFields = CallExtra.Field(call.Extra, "provider_specific_fields"),
        },
        ReasoningItem reasoning => ToThinking(reasoning, showsText),
        _ => null,
    };

    /// <summary>Thinking without readable text and without a signature gives no block.</summary>
    private static ContentBlock? ToThinking(ReasoningItem reasoning, bool showsText)
    {
        var text = string.Concat(reasoning.Summary);
        return (text, reasoning.EncryptedContent) switch
        {
            ("", null) => null,
            ("", { } sealedText) => new RedactedThinkingBlock(ThinkingSignature.RedactedOf(sealedText)),
            (_, null) => showsText ? new ThinkingBlock(text, "") : null,
            (_, { } sealedText) when showsText => new ThinkingBlock(text, ThinkingSignature.Of(sealedText, text, text)),
            (_, { } sealedText) => new ThinkingBlock("", ThinkingSignature.Of(sealedText, text, "")),
        };
    }

    public static bool IsRefusal(ConversationItem item) => item is MessageItem message && message.Content.Any(p => p is RefusalPart);

    /// <param name="hasCalls">Whether the model called a tool.</param>
    /// <param name="isRefusal">Whether it refused in words of its own.</param>
    public static string StopReasonOf(RunEnded end, bool hasCalls, bool isRefusal) => end switch
    {
        RunIncomplete { Reason: "content_filter" } => "refusal",
        RunIncomplete => "max_tokens",
        _ when hasCalls => "tool_use",
        _ when isRefusal => "refusal",
        _ => StopSequenceOf(end) is null ? "end_turn" : "stop_sequence",
    };

    public static string? StopSequenceOf(RunEnded end) => (end as RunCompleted)?.StopSequence;

    /// <summary>Anthropic counts cached tokens apart; a run's input is all of it.</summary>
    public static MessageUsage ToUsage(RunUsage usage) => new(
        Math.Max(0, usage.InputTokens - usage.CachedTokens - usage.CacheWriteTokens),
        usage.CacheWriteTokens, usage.CachedTokens, usage.OutputTokens);

    private static string TextOf(MessageItem message) => string.Concat(message.Content.Select(part => part switch
    {
        TextPart text => text.Text,
        RefusalPart refusal => refusal.Refusal,
        _ => "",
    }));

    /// <summary>The arguments as an object. Text that is no JSON object, as only a broken call has it, becomes a field of one.</summary>
    private static JsonElement InputOf(string arguments)
    {
        try
        {
            var input = JsonElement.Parse(arguments);
            if (input.ValueKind == JsonValueKind.Object)
            {
                return input;
            }
        }
        catch (JsonException)
        {
            // Wrapped like other values below.
        }

        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("malformed_arguments"u8, arguments);
            json.WriteEndObject();
        }

        return JsonElement.Parse(buffer.WrittenSpan);
    }
}
