using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.AI;

namespace OpenClaw.Models.Anthropic;

/// <summary>
/// A conversation in the order that the Messages API requires: user and assistant take turns, the user begins, the results of
/// tools open the turn after their calls, and no text is blank.
/// </summary>
internal sealed partial class AnthropicMessages
{
    private readonly List<(bool IsAssistant, List<AIContent> Contents)> _turns = [];

    public AnthropicMessages(IEnumerable<ChatMessage> messages)
    {
        foreach (var message in messages)
        {
            if (message.Role == ChatRole.System || message.Role.Value == "developer")
            {
                System.Add(message.Text);
                continue;
            }

            var isAssistant = message.Role == ChatRole.Assistant;
            var contents = message.Contents.Where(IsWritten).ToList();
            if (contents.Count == 0)
            {
                continue;
            }

            if (_turns is [.., var last] && last.IsAssistant == isAssistant)
            {
                last.Contents.AddRange(contents);
            }
            else
            {
                _turns.Add((isAssistant, contents));
            }
        }
    }

    public List<string> System { get; } = [];

    /// <summary>
    /// The model continues after its tool calls, but the thinking before those calls is missing, for example because another model
    /// made them: the API would refuse a request for more thinking.
    /// </summary>
    public bool ContinuesWithoutThinking => _turns is [.., { IsAssistant: true } calls, { IsAssistant: false } results]
        && results.Contents.Exists(content => content is FunctionResultContent) && calls.Contents[0] is not TextReasoningContent;

    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartArray("messages"u8);
        if (_turns is [{ IsAssistant: true }, ..])
        {
            WriteTurn(json, isAssistant: false, [new TextContent("…")]); // the user message before the assistant's first one is not known
        }

        foreach (var (isAssistant, contents) in _turns)
        {
            WriteTurn(json, isAssistant, contents.OrderBy(content => content is FunctionResultContent ? 0 : 1));
        }

        json.WriteEndArray();
    }

    private static bool IsWritten(AIContent content) => content switch
    {
        TextContent text => !string.IsNullOrWhiteSpace(text.Text),
        RefusalDelta refusal => !string.IsNullOrWhiteSpace(refusal.Text),
        TextReasoningContent reasoning => SealedThinking.Open(reasoning.ProtectedData).Count > 0,
        FunctionCallContent or FunctionResultContent => true,
        _ => ModelJson.IsMedia(content),
    };

    private static void WriteTurn(Utf8JsonWriter json, bool isAssistant, IEnumerable<AIContent> contents)
    {
        json.WriteStartObject();
        json.WriteString("role"u8, isAssistant ? "assistant"u8 : "user"u8);
        json.WriteStartArray("content"u8);
        foreach (var content in contents)
        {
            WriteBlock(json, content);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteBlock(Utf8JsonWriter json, AIContent content)
    {
        if (content is TextReasoningContent reasoning)
        {
            foreach (var block in SealedThinking.Open(reasoning.ProtectedData))
            {
                SealedThinking.Write(json, block);
            }

            return;
        }

        json.WriteStartObject();
        switch (content)
        {
            case FunctionCallContent call:
                json.WriteString("type"u8, "tool_use"u8);
                json.WriteString("id"u8, IdOf(call.CallId));
                json.WriteString("name"u8, call.Name);
                json.WritePropertyName("input"u8);
                WriteInput(json, ModelJson.ArgumentsOf(call));
                break;
            case FunctionResultContent result:
                json.WriteString("type"u8, "tool_result"u8);
                json.WriteString("tool_use_id"u8, IdOf(result.CallId));
                json.WriteOptional("is_error"u8, result.Exception is null ? null : true);
                WriteResult(json, result);
                break;
            case RefusalDelta refusal:
                json.WriteString("type"u8, "text"u8);
                json.WriteString("text"u8, refusal.Text);
                break;
            case TextContent text:
                json.WriteString("type"u8, "text"u8);
                json.WriteString("text"u8, text.Text);
                break;
            default:
                WriteMedia(json, content);
                break;
        }

        json.WriteEndObject();
    }

    private static void WriteMedia(Utf8JsonWriter json, AIContent content)
    {
        json.WriteString("type"u8, ModelJson.FileOf(content) is null ? "image"u8 : "document"u8);
        json.WriteOptional("title"u8, ModelJson.FileOf(content)?.Name);
        json.WriteStartObject("source"u8);
        if (content is DataContent data)
        {
            json.WriteString("type"u8, "base64"u8);
            json.WriteString("media_type"u8, data.MediaType);
            json.WriteString("data"u8, data.Base64Data.Span);
        }
        else
        {
            json.WriteString("type"u8, "url"u8);
            json.WriteString("url"u8, ModelJson.ImageUrlOf(content));
        }

        json.WriteEndObject();
    }

    private static void WriteResult(Utf8JsonWriter json, FunctionResultContent result)
    {
        if (result.Result is not IEnumerable<AIContent> contents || !contents.Any(ModelJson.IsMedia))
        {
            json.WriteString("content"u8, ModelJson.PlainTextOf(result));
            return;
        }

        json.WriteStartArray("content"u8);
        foreach (var content in contents.Where(IsWritten))
        {
            WriteBlock(json, content);
        }

        json.WriteEndArray();
    }

    // An object is sent exactly as the model wrote it. Other text, from a malformed call, is sent as a string inside an object.
    private static void WriteInput(Utf8JsonWriter json, string arguments)
    {
        if (string.IsNullOrWhiteSpace(arguments))
        {
            json.WriteRawValue("{}"u8, skipInputValidation: true);
        }
        else if (IsObject(arguments))
        {
            json.WriteRawValue(arguments, skipInputValidation: true);
        }
        else
        {
            json.WriteStartObject();
            json.WriteString("malformed_arguments"u8, arguments);
            json.WriteEndObject();
        }
    }

    private static bool IsObject(string text)
    {
        try
        {
            return JsonElement.Parse(text).ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    // Ids of other providers can have characters that the API refuses. The same call always gets the same id.
    private static string IdOf(string callId) => NotInIds().Replace(callId, "_");

    [GeneratedRegex("[^A-Za-z0-9_-]")]
    private static partial Regex NotInIds();
}
