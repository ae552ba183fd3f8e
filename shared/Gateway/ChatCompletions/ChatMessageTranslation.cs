using System.Text.Json;
using OpenClaw.Errors;
using OpenClaw.Gateway.Wire;
using OpenClaw.Models;
using OpenClaw.Models.Completions;
using OpenClaw.Sessions;

namespace OpenClaw.Gateway.ChatCompletions;

/// <summary>Chat messages as conversation items.</summary>
internal static class ChatMessageTranslation
{
    /// <exception cref="GatewayException"><c>400</c> naming the message and field.</exception>
    public static IReadOnlyList<ConversationItem> ToItems(this ChatCompletionRequest request)
    {
        if (request.Messages is not { } messages)
        {
            throw new GatewayException(GatewayError.MissingField("messages"));
        }

        if (messages.Count == 0)
        {
            throw new GatewayException(GatewayError.InvalidValue("messages", "at least one message."));
        }

        var items = new List<ConversationItem>(messages.Count);
        for (var i = 0; i < messages.Count; i++)
        {
            var message = messages[i] ?? throw new GatewayException(GatewayError.InvalidType($"messages[{i}]", "an object"));
            Add(items, message, $"messages[{i}]");
        }

        return items;
    }

    private static void Add(List<ConversationItem> items, ChatMessageInput message, string param)
    {
        switch (message.Role)
        {
            case null or "":
                throw new GatewayException(GatewayError.MissingField($"{param}.role"));
            case "system" or "developer" or "user":
                items.Add(new MessageItem(message.Role, ToParts(message, param, required: true)) { Name = message.Name });
                break;
            case "assistant":
                AddAssistant(items, message, param);
                break;
            case "tool":
                if (string.IsNullOrEmpty(message.ToolCallId))
                {
                    throw new GatewayException(GatewayError.MissingField($"{param}.tool_call_id"));
                }

                items.Add(new FunctionCallOutputItem(message.ToolCallId, ToParts(message, param, required: true)));
                break;
            case "function":
                var call = items.OfType<FunctionCallItem>().LastOrDefault(c => c.Name == message.Name);
                items.Add(new FunctionCallOutputItem(
                    call?.CallId ?? throw new GatewayException(
                        GatewayError.InvalidValue($"{param}.name", "no earlier call of this function.")),
                    ToParts(message, param, required: true)));
                break;
            default:
                throw new GatewayException(GatewayError.InvalidValue(
                    $"{param}.role", "'system', 'developer', 'user', 'assistant' or 'tool'."));
        }
    }

    private static void AddAssistant(List<ConversationItem> items, ChatMessageInput message, string param)
    {
        if (message.Audio is { ValueKind: not JsonValueKind.Null })
        {
            throw new GatewayException(
                GatewayError.UnsupportedParameter($"{param}.audio", "is not supported: the gateway keeps no audio."));
        }

        var parts = ToParts(message, param, required: false);
        if (message.Refusal is { Length: > 0 } refusal)
        {
            parts = [.. parts, new RefusalPart(refusal)];
        }

        if (ToReasoning(message) is { } reasoning)
        {
            items.Add(reasoning);
        }

        var before = items.Count;
        if (parts.Length > 0)
        {
            items.Add(new MessageItem("assistant", parts) { Name = message.Name });
        }

        for (var i = 0; i < message.ToolCalls?.Count; i++)
        {
            var call = message.ToolCalls[i];
            if (call?.Function is null || string.IsNullOrEmpty(call.Function.Name))
            {
                throw new GatewayException(GatewayError.MissingField($"{param}.tool_calls[{i}].function.name"));
            }

            if (string.IsNullOrEmpty(call.Id))
            {
                throw new GatewayException(GatewayError.MissingField($"{param}.tool_calls[{i}].id"));
            }

            items.Add(new FunctionCallItem(call.Id, call.Function.Name, call.Function.Arguments ?? "{}")
            {
                Extra = CallExtra.Of(
                    from field in (KeyValuePair<string, JsonElement?>[])
                        [new("extra_content", call.ExtraContent), new("provider_specific_fields", call.ProviderSpecificFields)]
                    where field.Value is not null
                    select KeyValuePair.Create(field.Key, field.Value!.Value)),
            });
        }

        if (message.FunctionCall is { Name: { Length: > 0 } name } legacy)
        {
            items.Add(new FunctionCallItem($"call_{items.Count}", name, legacy.Arguments ?? "{}"));
        }

        if (items.Count == before)
        {
            items.Add(new MessageItem("assistant", [new TextPart("")]));
        }
    }

    private static ReasoningItem? ToReasoning(ChatMessageInput message)
    {
        var text = TextOf(message.ReasoningContent) ?? TextOf(message.Reasoning) ?? "";
        var details = message.ReasoningDetails is { ValueKind: JsonValueKind.Array } array && array.GetArrayLength() > 0
            ? array : (JsonElement?)null;
        return text.Length == 0 && details is null ? null : new ReasoningItem(text.Length > 0 ? [text] : [])
        {
            EncryptedContent = details is null ? null : new ChatReasoning("reasoning", details).Seal(),
        };
    }

    private static string? TextOf(JsonElement? value) => value is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    private static ConversationPart[] ToParts(ChatMessageInput message, string param, bool required)
    {
        if (message.Content is not { } content)
        {
            return required ? throw new GatewayException(GatewayError.MissingField($"{param}.content")) : [];
        }

        var parts = new ConversationPart[content.Count];
        for (var i = 0; i < content.Count; i++)
        {
            parts[i] = ToPart(content[i], message.Role!, $"{param}.content[{i}]");
        }

        return parts;
    }

    private static ConversationPart ToPart(ChatContentPart? part, string role, string param) => part switch
    {
        null => throw new GatewayException(GatewayError.InvalidType(param, "an object")),
        { Type: null or "" } => throw new GatewayException(GatewayError.MissingField($"{param}.type")),
        { Type: "text" or "input_text" or "output_text", Text: { } text } => new TextPart(text),
        { Type: "text" or "input_text" or "output_text" } => throw new GatewayException(GatewayError.MissingField($"{param}.text")),
        { Type: "refusal", Refusal: { } refusal } when role == "assistant" => new RefusalPart(refusal),
        { Type: "image_url" or "input_image" or "image" } when role is "user" or "tool" => MediaParts.ReadImage(part.Field, param),
        { Type: "file" or "input_file" } when role is "user" or "tool" => MediaParts.ReadFile(part.Field, param),
        _ => throw new GatewayException(
            GatewayError.InvalidValue($"{param}.type", $"'{part.Type}' is not accepted in a message of role '{role}'.")),
    };
}
