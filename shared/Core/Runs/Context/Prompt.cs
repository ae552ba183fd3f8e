using Microsoft.Extensions.AI;
using OpenClaw.Agents;
using OpenClaw.Errors;
using OpenClaw.Models;
using OpenClaw.Sessions;

namespace OpenClaw.Runs.Context;

/// <summary>Makes the prompt: one system prompt, then the conversation.</summary>
public static class Prompt
{
    /// <summary>The agent's prompt, the caller's instructions, the system and developer messages, then the text of files, in this
    /// order.</summary>
    /// <param name="attachments">See <see cref="Input.PreparedInput"/>.</param>
    public static string? SystemPrompt(
        Agent agent, RunRequest request, IReadOnlyList<ConversationItem> history, IReadOnlyList<string> attachments)
    {
        var parts = new List<string>();
        AddText(parts, agent.SystemPrompt);
        AddText(parts, request.Instructions);
        foreach (var item in history.Concat(request.Input))
        {
            if (item is MessageItem { Role: "system" or "developer" } message)
            {
                AddText(parts, string.Concat(message.Content.OfType<TextPart>().Select(p => p.Text)));
            }
        }

        parts.AddRange(attachments);
        return parts.Count == 0 ? null : string.Join("\n\n", parts);
    }

    /// <summary>What of the request is new to a stored session: the items after its last assistant item, unless the session is
    /// empty, which takes all. System and developer messages are left out, unless <paramref name="keepSystemMessages"/> is set.</summary>
    public static IReadOnlyList<ConversationItem> NewInput(
        IReadOnlyList<ConversationItem> input, bool sessionIsEmpty, bool keepSystemMessages)
    {
        var from = 0;
        if (!sessionIsEmpty)
        {
            for (var i = input.Count - 1; i >= 0; i--)
            {
                if (input[i] is MessageItem { Role: "assistant" } or FunctionCallItem or ReasoningItem)
                {
                    from = i + 1;
                    break;
                }
            }
        }

        return [.. input.Skip(from).Where(i => keepSystemMessages || i is not MessageItem { Role: "system" or "developer" })];
    }

    /// <summary>Refuses input that has nothing new, and tool results that answer no call.</summary>
    /// <exception cref="GatewayException"><c>400 no_new_input</c>, <c>400 unknown_call_id</c>.</exception>
    public static void CheckInput(IReadOnlyList<ConversationItem> history, IReadOnlyList<ConversationItem> input, string param)
    {
        if (input.Count == 0)
        {
            throw new GatewayException(GatewayError.InvalidRequest(
                "The request holds nothing new for this session: end it with a user or tool message.", param, ErrorCode.NoNewInput));
        }

        foreach (var output in input.OfType<FunctionCallOutputItem>())
        {
            if (!history.Concat(input).OfType<FunctionCallItem>().Any(c => c.CallId == output.CallId))
            {
                throw new GatewayException(GatewayError.InvalidRequest(
                    $"No call '{output.CallId}' stands in this conversation.", param, ErrorCode.UnknownCallId));
            }
        }
    }

    /// <summary>Neighbouring items of one assistant turn (text, calls) become one message, as providers expect. The conversation is
    /// repaired first: see <see cref="HistoryRepair"/>.</summary>
    public static List<ChatMessage> ToMessages(string? systemPrompt, IEnumerable<ConversationItem> conversation)
    {
        var messages = new List<ChatMessage>();
        if (systemPrompt is not null)
        {
            messages.Add(new ChatMessage(ChatRole.System, systemPrompt));
        }

        ChatMessage? assistant = null;
        foreach (var item in HistoryRepair.Apply(conversation))
        {
            switch (item)
            {
                case MessageItem { Role: "assistant" } message:
                    Assistant(messages, ref assistant, startNew: assistant?.Contents.Any(
                        c => c is TextContent or FunctionCallContent) == true)
                        .AddContents(message);
                    break;
                case FunctionCallItem call:
                    Assistant(messages, ref assistant).Contents.Add(
                        new RawFunctionCall(call.CallId, call.Name, call.Arguments)
                        {
                            Extra = call.Extra,
                            AdditionalProperties = OriginOf(call),
                        });
                    break;
                case ReasoningItem reasoning:
                    Assistant(messages, ref assistant, startNew: assistant?.Contents.Any(c => c is not TextReasoningContent) == true)
                        .Contents.Add(new TextReasoningContent(string.Concat(reasoning.Summary))
                        {
                            ProtectedData = reasoning.EncryptedContent,
                            AdditionalProperties = OriginOf(reasoning),
                        });
                    break;
                case CompactionItem compaction:
                    assistant = null;
                    messages.Add(new ChatMessage(ChatRole.User, Compaction.Describe(compaction)));
                    break;
                case MessageItem message:
                    assistant = null;
                    messages.Add(new ChatMessage(
                        new ChatRole(message.Role), new List<AIContent>())
                    { AuthorName = message.Name }.AddContents(message));
                    break;
                case FunctionCallOutputItem output:
                    assistant = null;
                    messages.Add(new ChatMessage(ChatRole.Tool, [ToResult(output)]));
                    break;
            }
        }

        return messages;
    }

    private static AdditionalPropertiesDictionary? OriginOf(ConversationItem item) =>
        item.Origin is { } origin ? new() { [ModelProperties.Origin] = origin } : null;

    private static ChatMessage Assistant(List<ChatMessage> messages, ref ChatMessage? assistant, bool startNew = false)
    {
        if (assistant is null || startNew)
        {
            assistant = new ChatMessage(ChatRole.Assistant, new List<AIContent>());
            messages.Add(assistant);
        }

        return assistant;
    }

    private static ChatMessage AddContents(this ChatMessage target, MessageItem message)
    {
        foreach (var part in message.Content)
        {
            target.Contents.Add(ToContent(part));
        }

        return target;
    }

    private static FunctionResultContent ToResult(FunctionCallOutputItem output) => new(output.CallId, ToResult(output.Output))
    {
        Exception = output.IsError ? new ToolFailure() : null,
    };

    /// <summary>Plain text stays a string; anything else is a list of contents.</summary>
    private static object ToResult(IReadOnlyList<ConversationPart> output) =>
        output.All(p => p is TextPart)
            ? string.Concat(output.Cast<TextPart>().Select(p => p.Text))
            : output.Select(ToContent).ToList();

    private static AIContent ToContent(ConversationPart part) => part switch
    {
        TextPart text => new TextContent(text.Text),
        RefusalPart refusal => new TextContent(refusal.Refusal),
        ImagePart image => ToImage(image),
        FilePart { Source: { } source } file => new DataContent(source) { Name = file.Name },
        FilePart file => new TextContent(file.Label),
        _ => throw new InvalidOperationException($"No content for {part.GetType().Name}."),
    };

    private static AIContent ToImage(ImagePart image)
    {
        AIContent content = image.Url.StartsWith("data:", StringComparison.OrdinalIgnoreCase)
            ? new DataContent(image.Url)
            : new UriContent(image.Url, "image/*");
        if (image.Detail is not null)
        {
            content.AdditionalProperties = new AdditionalPropertiesDictionary { ["detail"] = image.Detail };
        }

        return content;
    }

    private static void AddText(List<string> parts, string? text)
    {
        if (!string.IsNullOrWhiteSpace(text))
        {
            parts.Add(text);
        }
    }

    /// <summary>Marks the result of a call that failed; what happened is in the result.</summary>
    private sealed class ToolFailure() : Exception("The tool failed.");
}
