using System.Text.Json;
using Microsoft.Extensions.AI;

namespace OpenClaw.Models.Anthropic;

/// <summary>
/// A conversation in the order that the Messages API requires: user and assistant take turns, the user begins, the results of
/// tools open the turn after their calls, no text is blank, and the last one has no white space at its end.
/// </summary>
internal sealed class AnthropicMessages
{
    private const int MaxIdLength = 64;

    private readonly CallIds _ids = new(MaxIdLength, isWord: true);
    private readonly ClaudeModel _claude;
    private readonly List<(bool IsAssistant, List<AIContent> Contents)> _turns = [];

    public AnthropicMessages(IEnumerable<ChatMessage> messages, ClaudeModel claude)
    {
        _claude = claude;
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

        CutEnd();
    }

    public List<string> System { get; } = [];

    /// <summary>
    /// The model continues after its tool calls, but the thinking before those calls is missing, for example because another model
    /// made them: the API would refuse a request for more thinking.
    /// </summary>
    public bool ContinuesWithoutThinking => _turns is [.., { IsAssistant: true } calls, { IsAssistant: false } results]
        && results.Contents.Exists(content => content is FunctionResultContent) && calls.Contents[0] is not TextReasoningContent;

    /// <summary>The assistant has the last word, which the model continues.</summary>
    public bool EndsInAnswer => _turns is [.., { IsAssistant: true }] && !_claude.NeedsUserLast;

    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartArray("messages"u8);
        if (_turns is [] or [{ IsAssistant: true }, ..])
        {
            // The user message before the assistant's first one is not known, or there are only system messages.
            WriteTurn(json, isAssistant: false, [new TextContent("…")]);
        }

        foreach (var (isAssistant, contents) in _turns)
        {
            WriteTurn(json, isAssistant, contents.OrderBy(content => content is FunctionResultContent ? 0 : 1));
        }

        if (_turns is [.., { IsAssistant: true }] && _claude.NeedsUserLast)
        {
            WriteTurn(json, isAssistant: false, [new TextContent("Continue.")]);
        }

        json.WriteEndArray();
    }

    /// <summary>White space at the end of the last answer is refused.</summary>
    private void CutEnd()
    {
        while (_turns is [.., { IsAssistant: true } last])
        {
            if (last.Contents is [.., TextContent text] && text.Text.TrimEnd() is { Length: > 0 } cut)
            {
                last.Contents[^1] = new TextContent(cut);
            }

            // Thinking alone is no answer.
            if (!last.Contents.TrueForAll(content => content is TextReasoningContent))
            {
                return;
            }

            _turns.RemoveAt(_turns.Count - 1);
        }
    }

    /// <summary>Claude refuses thinking without a signature; other models behind this API give none and need theirs back.</summary>
    private IEnumerable<ThinkingBlock> Thinking(TextReasoningContent reasoning) => SealedThinking.Open(reasoning.ProtectedData)
        .Where(block => block.RedactedData is not null || block.Signature.Length > 0 || !_claude.IsClaude);

    private bool IsWritten(AIContent content) => content switch
    {
        TextContent text => !string.IsNullOrWhiteSpace(text.Text),
        RefusalDelta refusal => !string.IsNullOrWhiteSpace(refusal.Text),
        TextReasoningContent reasoning => Thinking(reasoning).Any(),
        FunctionCallContent or FunctionResultContent => true,
        _ => ModelJson.IsMedia(content),
    };

    private void WriteTurn(Utf8JsonWriter json, bool isAssistant, IEnumerable<AIContent> contents)
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

    private void WriteBlock(Utf8JsonWriter json, AIContent content)
    {
        if (content is TextReasoningContent reasoning)
        {
            foreach (var block in Thinking(reasoning))
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
                json.WriteString("id"u8, _ids.Of(call.CallId));
                json.WriteString("name"u8, call.Name);
                json.WritePropertyName("input"u8);
                json.WriteRawValue(ModelJson.ObjectOf(call), skipInputValidation: true);
                break;
            case FunctionResultContent result:
                json.WriteString("type"u8, "tool_result"u8);
                json.WriteString("tool_use_id"u8, _ids.Of(result.CallId));
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

    private void WriteResult(Utf8JsonWriter json, FunctionResultContent result)
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
}
