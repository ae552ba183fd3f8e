using System.Runtime.CompilerServices;
using System.Text;
using OpenClaw.Errors;
using OpenClaw.Runs;
using OpenClaw.Usage;

namespace OpenClaw.Gateway.SessionChat;

/// <summary>Run events as the events of <c>/api/chat</c>, and their fold as one answer.</summary>
public static class MessageTranslation
{
    /// <exception cref="GatewayException">The run failed.</exception>
    public static async IAsyncEnumerable<MessageEvent> ToMessageEvents(
        this IAsyncEnumerable<RunEvent> events, string? sessionId, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var model = "";
        await foreach (var runEvent in events.WithCancellation(cancellationToken))
        {
            switch (runEvent)
            {
                case RunStarted started:
                    model = started.Model;
                    break;
                case TextDelta delta:
                    yield return new ChunkEvent(delta.Text);
                    break;
                case RefusalTextDelta delta:
                    yield return new ChunkEvent(delta.Text);
                    break;
                case RunEnded { Failure: { } failure }:
                    throw new GatewayException(failure);
                case RunEnded end:
                    yield return new DoneEvent(sessionId, model, ToUsage(end.Usage)) { FinishReason = FinishReason(end) };
                    break;
            }
        }
    }

    /// <exception cref="GatewayException">The run failed.</exception>
    public static async Task<SentMessage> ToMessageAsync(this IAsyncEnumerable<MessageEvent> events, CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        DoneEvent? done = null;
        await foreach (var next in events.WithCancellation(cancellationToken))
        {
            switch (next)
            {
                case ChunkEvent chunk:
                    text.Append(chunk.Content);
                    break;
                case DoneEvent end:
                    done = end;
                    break;
            }
        }

        return done is null
            ? throw new InvalidOperationException("The run had no end.")
            : new SentMessage(text.ToString(), done.SessionId, done.Model, done.Usage) { FinishReason = done.FinishReason };
    }

    private static MessageUsage ToUsage(RunUsage usage) => new(usage.InputTokens, usage.OutputTokens, usage.TotalTokens);

    private static string? FinishReason(RunEnded end) => end switch
    {
        RunIncomplete { Reason: "max_output_tokens" } => "length",
        RunIncomplete incomplete => incomplete.Reason,
        _ => null,
    };
}
