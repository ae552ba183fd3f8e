using System.Text;
using Microsoft.Extensions.AI;

namespace OpenClaw.Models.Upstream;

public static class ChatUpdates
{
    /// <summary>Folds a stream into one message: reasoning, text, refusal, whole calls as <see cref="RawFunctionCall"/>.</summary>
    public static async Task<ChatResponse> FoldAsync(
        this IAsyncEnumerable<ChatResponseUpdate> updates, CancellationToken cancellationToken = default)
    {
        var (text, refusal, reasoning) = (new StringBuilder(), new StringBuilder(), new StringBuilder());
        var calls = new List<(string CallId, string Name, StringBuilder Arguments)>();
        var message = new ChatMessage { Role = ChatRole.Assistant };
        var response = new ChatResponse();
        await foreach (var update in updates.WithCancellation(cancellationToken))
        {
            response.ResponseId ??= update.ResponseId;
            response.ModelId ??= update.ModelId;
            response.FinishReason = update.FinishReason ?? response.FinishReason;
            foreach (var content in update.Contents)
            {
                switch (content)
                {
                    case TextContent piece:
                        text.Append(piece.Text);
                        break;
                    case TextReasoningContent piece:
                        reasoning.Append(piece.Text);
                        if (piece.ProtectedData is not null)
                        {
                            CloseReasoning(piece.ProtectedData);
                        }

                        break;
                    case RefusalDelta piece:
                        refusal.Append(piece.Text);
                        break;
                    case ToolCallDelta piece when piece.Index == calls.Count:
                        calls.Add((piece.CallId!, piece.Name!, new StringBuilder(piece.Arguments)));
                        break;
                    case ToolCallDelta piece:
                        calls[piece.Index].Arguments.Append(piece.Arguments);
                        break;
                    case UsageContent usage:
                        response.Usage = usage.Details;
                        break;
                }
            }
        }

        if (reasoning.Length > 0)
        {
            CloseReasoning(null);
        }

        if (text.Length > 0)
        {
            message.Contents.Add(new TextContent(text.ToString()));
        }

        if (refusal.Length > 0)
        {
            message.Contents.Add(new RefusalDelta(refusal.ToString()));
        }

        foreach (var (callId, name, arguments) in calls)
        {
            message.Contents.Add(new RawFunctionCall(callId, name, arguments.ToString()));
        }

        response.Messages.Add(message);
        return response;

        void CloseReasoning(string? protectedData)
        {
            message.Contents.Add(new TextReasoningContent(reasoning.ToString()) { ProtectedData = protectedData });
            reasoning.Clear();
        }
    }
}
