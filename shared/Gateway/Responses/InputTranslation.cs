using System.Text.Json;
using OpenClaw.Errors;
using OpenClaw.Gateway.Wire;
using OpenClaw.Models;
using OpenClaw.Runs.Input;
using OpenClaw.Sessions;
using OpenClaw.Text;

namespace OpenClaw.Gateway.Responses;

/// <summary>Translates the <c>input</c> of a request into conversation items. Accepts what the standard, OpenAI's SDKs and OpenClaw send:
/// messages with and without <c>type</c>, text and parts, unknown extra fields.</summary>
internal static class InputTranslation
{
    private const int MaxCallIdLength = 64;

    /// <exception cref="GatewayException"><c>400</c> naming the item and field.</exception>
    public static IReadOnlyList<ConversationItem> ToItems(JsonElement? input)
    {
        switch (input)
        {
            case null or { ValueKind: JsonValueKind.Null }:
                return [];
            case { ValueKind: JsonValueKind.String } text:
                return [new MessageItem("user", [new TextPart(text.GetString()!)]) { Id = RandomId.Message() }];
            case { ValueKind: JsonValueKind.Array } array:
                var items = new List<ConversationItem>(array.GetArrayLength());
                var index = 0;
                foreach (var element in array.EnumerateArray())
                {
                    Add(items, element, $"input[{index++}]");
                }

                MakeUnique(items);
                return items;
            default:
                throw new GatewayException(GatewayError.InvalidType("input", "a string or an array of items"));
        }
    }

    /// <summary>An id that occurs twice keeps its first place, because pages of input begin after an id.</summary>
    private static void MakeUnique(List<ConversationItem> items)
    {
        var ids = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < items.Count; i++)
        {
            if (!ids.Add(items[i].Id!))
            {
                items[i] = items[i] with { Id = RandomId.Create("item_") };
            }
        }
    }

    private static void Add(List<ConversationItem> items, JsonElement element, string param)
    {
        var item = element.AsObject(param);
        switch (item.Text("type", param))
        {
            case null when item.Field("role") is null:
                throw new GatewayException(GatewayError.MissingField($"{param}.type"));
            case null or "message":
                items.Add(ToMessage(item, param));
                break;
            case "function_call":
                var name = item.RequiredText("name", param);
                ToolNames.Check(name, $"{param}.name");
                items.Add(new FunctionCallItem(CallId(item, param), name, item.Text("arguments", param) ?? "{}")
                {
                    Id = IdOf(item, param, "fc_"),
                    Extra = CallExtra.Of(item.EnumerateObject().Select(field => KeyValuePair.Create(field.Name, field.Value))),
                });
                break;
            case "function_call_output":
                items.Add(new FunctionCallOutputItem(CallId(item, param), ToOutput(item, param)) { Id = IdOf(item, param, "fco_") });
                break;
            case "reasoning":
                items.Add(ToReasoning(item, param));
                break;
            case "compaction" or "compaction_summary":
                items.Add(new CompactionItem(item.RequiredText("encrypted_content", param)) { Id = IdOf(item, param, "cmp_") });
                break;
            case "item_reference":
                item.RequiredText("id", param); // known, but not used for the prompt
                break;
            case var type:
                throw new GatewayException(GatewayError.InvalidValue(
                    $"{param}.type",
                    $"'{type}' is not supported; send message, function_call, function_call_output, reasoning, compaction or "
                        + "item_reference."));
        }
    }

    private static MessageItem ToMessage(JsonElement item, string param)
    {
        var role = item.RequiredText("role", param);
        if (role is not ("system" or "developer" or "user" or "assistant"))
        {
            throw new GatewayException(GatewayError.InvalidValue($"{param}.role", "'system', 'developer', 'user' or 'assistant'."));
        }

        var content = item.Field("content") ?? throw new GatewayException(GatewayError.MissingField($"{param}.content"));
        var phase = item.Text("phase", param);
        if (phase is not (null or "commentary" or "final_answer"))
        {
            throw new GatewayException(GatewayError.InvalidValue($"{param}.phase", "'commentary' or 'final_answer'."));
        }

        return new MessageItem(role, ToParts(content, role, $"{param}.content")) { Id = IdOf(item, param, "msg_"), Phase = phase };
    }

    private static ReasoningItem ToReasoning(JsonElement item, string param)
    {
        var summary = new List<string>();
        if (item.Field("summary") is { } parts)
        {
            if (parts.ValueKind != JsonValueKind.Array)
            {
                throw new GatewayException(GatewayError.InvalidType($"{param}.summary", "an array"));
            }

            foreach (var part in parts.EnumerateArray())
            {
                summary.Add(part.AsObject($"{param}.summary[{summary.Count}]").Text("text", param) ?? "");
            }
        }

        return new ReasoningItem(summary) { Id = IdOf(item, param, "rs_"), EncryptedContent = item.Text("encrypted_content", param) };
    }

    private static ConversationPart[] ToOutput(JsonElement item, string param)
    {
        var output = item.Field("output") ?? throw new GatewayException(GatewayError.MissingField($"{param}.output"));
        return ToParts(output, "tool", $"{param}.output");
    }

    private static ConversationPart[] ToParts(JsonElement content, string role, string param)
    {
        switch (content.ValueKind)
        {
            case JsonValueKind.String:
                return [new TextPart(content.GetString()!)];
            case JsonValueKind.Array:
                var parts = new ConversationPart[content.GetArrayLength()];
                var index = 0;
                foreach (var part in content.EnumerateArray())
                {
                    parts[index] = ToPart(part, role, $"{param}[{index}]");
                    index++;
                }

                return parts;
            default:
                throw new GatewayException(GatewayError.InvalidType(param, "a string or an array of content parts"));
        }
    }

    private static ConversationPart ToPart(JsonElement element, string role, string param)
    {
        var part = element.AsObject(param);
        switch (part.RequiredText("type", param))
        {
            case "input_text" or "output_text" or "text" or "summary_text" or "reasoning_text":
                return new TextPart(part.RequiredText("text", param));
            case "refusal":
                return new RefusalPart(part.RequiredText("refusal", param));
            case "input_image" or "image_url" or "image" when role is "user" or "tool":
                return MediaParts.ReadImage(name => part.Field(name), param);
            case "input_file" or "file" when role is "user" or "tool":
                return MediaParts.ReadFile(name => part.Field(name), param);
            case var type:
                throw new GatewayException(GatewayError.InvalidValue(
                    $"{param}.type", $"'{type}' is not accepted in a message of role '{role}'."));
        }
    }

    private static string CallId(JsonElement item, string param)
    {
        var id = item.RequiredText("call_id", param);
        return id.Length is > 0 and <= MaxCallIdLength
            ? id
            : throw new GatewayException(GatewayError.InvalidValue($"{param}.call_id", $"1 to {MaxCallIdLength} characters."));
    }

    private static string IdOf(JsonElement item, string param, string prefix) =>
        item.Text("id", param) is { Length: > 0 } id ? id : RandomId.Create(prefix);
}
