using System.Text.Json;
using OpenClaw.Errors;
using OpenClaw.Gateway.Wire;
using OpenClaw.Models;
using OpenClaw.Models.Anthropic;
using OpenClaw.Sessions;

namespace OpenClaw.Gateway.Messages;

/// <summary>The <c>messages</c> and <c>system</c> of a request as conversation items and instructions.</summary>
internal static class MessageTranslation
{
    /// <summary>Claude Code puts a line about billing before its system prompt. It is not for the model, and it differs from turn to
    /// turn, so the provider could not cache the prompt.</summary>
    private const string BillingLine = "x-anthropic-billing-header:";

    /// <exception cref="GatewayException"><c>400</c> naming the block and field.</exception>
    public static string? ToInstructions(this MessageRequest request)
    {
        if (request.System is not { ValueKind: not JsonValueKind.Null } system)
        {
            return null;
        }

        var texts = InputBlock.ReadAll(system, "system")
            .Select(block => block.Type == "text" ? block.Text : throw block.Invalid("type", "'text'."))
            .Where(text => !string.IsNullOrWhiteSpace(text) && !text.StartsWith(BillingLine, StringComparison.OrdinalIgnoreCase)).ToList();
        return texts.Count == 0 ? null : string.Join("\n\n", texts);
    }

    /// <exception cref="GatewayException"><c>400</c> naming the message and field.</exception>
    public static IReadOnlyList<ConversationItem> ToItems(this MessageRequest request)
    {
        if (request.Messages is not { ValueKind: not JsonValueKind.Null } messages)
        {
            throw new GatewayException(GatewayError.MissingField("messages"));
        }

        if (messages.ValueKind != JsonValueKind.Array)
        {
            throw new GatewayException(GatewayError.InvalidType("messages", "an array of messages"));
        }

        var items = new List<ConversationItem>(messages.GetArrayLength());
        var index = 0;
        foreach (var element in messages.EnumerateArray())
        {
            var param = $"messages[{index++}]";
            Add(items, element.AsObject(param), param);
        }

        return index > 0 ? items : throw new GatewayException(GatewayError.InvalidValue("messages", "at least one message."));
    }

    private static void Add(List<ConversationItem> items, JsonElement message, string param)
    {
        var role = message.RequiredText("role", param);
        var content = message.Field("content") ?? throw new GatewayException(GatewayError.MissingField($"{param}.content"));
        var blocks = InputBlock.ReadAll(content, $"{param}.content");
        switch (role)
        {
            case "user":
                AddUser(items, blocks);
                break;
            case "assistant":
                AddAssistant(items, blocks);
                break;
            case "system":
                // Blocks that are not text announce changes of tools: see MessageTools.
                items.Add(new MessageItem("system", [.. blocks.Where(b => b.Type == "text").Select(b => new TextPart(b.Text))]));
                break;
            default:
                throw new GatewayException(GatewayError.InvalidValue($"{param}.role", "'user', 'assistant' or 'system'."));
        }
    }

    /// <summary>Results go first: they answer the calls before them, and providers want them directly after the calls.</summary>
    private static void AddUser(List<ConversationItem> items, IReadOnlyList<InputBlock> blocks)
    {
        var results = blocks.Where(b => b.Type == "tool_result").Select(ToResult).ToList();
        var parts = blocks.Where(b => b.Type != "tool_result").SelectMany(MessageBlocks.ToParts).ToList();
        items.AddRange(results);
        if (parts.Count > 0 || results.Count == 0)
        {
            items.Add(new MessageItem("user", parts));
        }
    }

    private static FunctionCallOutputItem ToResult(InputBlock block)
    {
        var output = block.Field("content") is { } content
            ? InputBlock.ReadAll(content, $"{block.Param}.content").SelectMany(MessageBlocks.ToParts).ToList()
            : [];
        return new FunctionCallOutputItem(block.RequiredId("tool_use_id"), output.Count > 0 ? output : [new TextPart("")])
        {
            IsError = block.Flag("is_error"),
        };
    }

    /// <summary>Neighbouring texts are one message. An answer without content is an empty message.</summary>
    private static void AddAssistant(List<ConversationItem> items, IReadOnlyList<InputBlock> blocks)
    {
        var (before, texts) = (items.Count, new List<ConversationPart>());
        foreach (var block in blocks)
        {
            if (block.Type == "text")
            {
                texts.Add(new TextPart(block.Text));
            }
            else if (ToItem(block) is { } item)
            {
                CloseTexts();
                items.Add(item);
            }
        }

        CloseTexts();
        if (items.Count == before)
        {
            items.Add(new MessageItem("assistant", [new TextPart("")]));
        }

        void CloseTexts()
        {
            if (texts.Count > 0)
            {
                items.Add(new MessageItem("assistant", [.. texts]));
                texts.Clear();
            }
        }
    }

    /// <returns>Null for calls and results of Anthropic's server tools: they have no meaning here.</returns>
    private static ConversationItem? ToItem(InputBlock block) => block.Type switch
    {
        "tool_use" => new FunctionCallItem(
            block.RequiredId("id"), block.RequiredId("name"), block.RequiredField("input").AsObject($"{block.Param}.input").GetRawText())
        {
            Extra = CallExtra.Of(block.Json.EnumerateObject().Select(field => KeyValuePair.Create(field.Name, field.Value))),
        },
        "thinking" => ToThinking(block.RequiredText("thinking"), block.OptionalText("signature")),
        "redacted_thinking" => new ReasoningItem([]) { EncryptedContent = ThinkingSignature.OpenRedacted(block.RequiredText("data")) },
        "server_tool_use" or "mcp_tool_use" => null,
        var type when type.EndsWith("_tool_result", StringComparison.Ordinal) => null,
        var type => throw block.Invalid("type", $"'{type}' is not accepted in an assistant message."),
    };

    private static ReasoningItem ToThinking(string text, string? signature) =>
        new(text.Length > 0 ? [text] : []) { EncryptedContent = ThinkingSignature.Open(text, signature) };
}
