using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using OpenClaw.Errors;
using OpenClaw.Gateway.Runs;
using OpenClaw.Gateway.Wire;
using OpenClaw.Runs;
using OpenClaw.Usage;

namespace OpenClaw.Gateway.Sessions.Chat;

/// <summary>Translates run events into the events of <c>/api/chat</c>, or collects them into one answer.</summary>
/// <param name="sessionId">Null when nothing is stored.</param>
public sealed class SessionChatDialect(string? sessionId) : Dialect<MessageEvent, SentMessage>
{
    public override JsonTypeInfo<MessageEvent> EventType => SessionsJson.Default.MessageEvent;

    public override bool EndsWithDone => false;

    public override string NameOf(MessageEvent item) => "message";

    public override IReadOnlyList<MessageEvent> ToFailure(GatewayError failure) =>
        [new MessageErrorEvent(new EventError(ErrorCodes.Of(failure), failure.Message))];

    public override IResult ToResult(SentMessage whole) => new ApiResult<SentMessage>(whole, SessionsJson.Default.SentMessage);

    /// <exception cref="GatewayException">The run failed.</exception>
    public override async IAsyncEnumerable<MessageEvent> ToEvents(
        IAsyncEnumerable<RunEvent> run, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var model = "";
        await foreach (var runEvent in run.WithCancellation(cancellationToken))
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
    public override async Task<SentMessage> ToWholeAsync(IAsyncEnumerable<RunEvent> run, CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        DoneEvent? done = null;
        await foreach (var next in ToEvents(run, cancellationToken))
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
