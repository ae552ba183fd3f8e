using Microsoft.Extensions.AI;
using OpenClaw.Models;
using OpenClaw.Runs.Input;
using OpenClaw.Sessions;
using OpenClaw.Usage;

namespace OpenClaw.Runs.Context;

/// <summary>Estimates the tokens of one call of a model from all that was sent and received, where the provider reports none.</summary>
internal static class CallEstimate
{
    /// <summary>Tokens around each message: role and borders.</summary>
    private const int TokensPerMessage = 4;

    public static long OfPrompt(IReadOnlyList<ChatMessage> messages, ChatOptions options)
    {
        var (texts, images) = (new List<string>(), 0);
        foreach (var content in messages.SelectMany(m => m.Contents))
        {
            Add(content, texts, ref images);
        }

        foreach (var tool in options.Tools ?? [])
        {
            texts.Add(tool.Name);
            texts.Add(tool.Description);
            texts.Add((tool as FunctionTool)?.JsonSchema.GetRawText() ?? "");
        }

        texts.Add((options.ResponseFormat as ChatResponseFormatJson)?.Schema?.GetRawText() ?? "");
        return TokenCounter.Count(texts) + (images * TokenEstimate.TokensPerImage) + (messages.Count * TokensPerMessage);
    }

    public static long OfAnswer(IEnumerable<ConversationItem> items)
    {
        var texts = new List<string>();
        foreach (var item in items)
        {
            switch (item)
            {
                case MessageItem message:
                    texts.AddRange(message.Content.OfType<TextPart>().Select(p => p.Text));
                    texts.AddRange(message.Content.OfType<RefusalPart>().Select(p => p.Refusal));
                    break;
                case ReasoningItem reasoning:
                    texts.AddRange(reasoning.Summary);
                    break;
                case FunctionCallItem call:
                    texts.Add(call.Name);
                    texts.Add(call.Arguments);
                    break;
            }
        }

        return TokenCounter.Count(texts);
    }

    private static void Add(AIContent content, List<string> texts, ref int images)
    {
        switch (content)
        {
            case TextContent text:
                texts.Add(text.Text);
                break;
            case TextReasoningContent reasoning:
                texts.Add(reasoning.Text);
                break;
            case FunctionCallContent call:
                texts.Add(call.Name);
                texts.Add(call is RawFunctionCall raw ? raw.ArgumentsText : ToolArguments.Write(call.Arguments));
                break;
            case FunctionResultContent { Result: string result }:
                texts.Add(result);
                break;
            case FunctionResultContent { Result: IEnumerable<AIContent> parts }:
                foreach (var part in parts)
                {
                    Add(part, texts, ref images);
                }

                break;
            case DataContent or UriContent:
                images++;
                break;
        }
    }
}
