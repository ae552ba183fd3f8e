using System.Runtime.CompilerServices;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using OpenClaw.Errors;
using OpenClaw.Gateway.Runs;
using OpenClaw.Gateway.Wire;
using OpenClaw.Runs;

namespace OpenClaw.Gateway.Messages;

/// <summary>Translates run events into the events of the Messages API, or folds them into one message.</summary>
internal sealed class MessagesDialect(MessageHead head) : Dialect<MessageEvent, Message>
{
    public override JsonTypeInfo<MessageEvent> EventType => MessagesJson.Default.MessageEvent;

    public override bool EndsWithDone => false;

    public override string NameOf(MessageEvent next) => next.Name;

    public override IReadOnlyList<MessageEvent> ToFailure(GatewayError error) =>
    [
        new MessageError(
            new MessageErrorBody(AnthropicErrors.TypeOf(error), AnthropicErrors.MessageOf(error), new MessageErrorDetails(error.Code)),
            head.RequestId),
    ];

    public override IResult ToResult(Message whole) => new JsonResult<Message>(whole, MessagesJson.Default.Message);

    /// <summary>Start and ping, then the blocks one after the other, then the stop reason and usage.</summary>
    /// <exception cref="GatewayException">The run failed.</exception>
    public override async IAsyncEnumerable<MessageEvent> ToEvents(
        IAsyncEnumerable<RunEvent> run, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var blocks = new BlockStream(head.Thinking);
        await foreach (var runEvent in run.WithCancellation(cancellationToken))
        {
            switch (runEvent)
            {
                case RunStarted:
                    yield return new MessageStart(Begin());
                    yield return new Ping();
                    break;
                case RunEnded end:
                    ThrowIfFailed(end);
                    yield return new MessageDelta(
                        new MessageDeltaBody(
                            MessageContent.StopReasonOf(end, blocks.HasCalls, blocks.IsRefusal), MessageContent.StopSequenceOf(end)),
                        MessageContent.ToUsage(end.Usage));
                    yield return new MessageStop();
                    break;
                default:
                    foreach (var next in blocks.Add(runEvent))
                    {
                        yield return next;
                    }

                    break;
            }
        }
    }

    /// <summary>The blocks of the whole items, in their order.</summary>
    /// <exception cref="GatewayException">The run failed.</exception>
    public override async Task<Message> ToWholeAsync(IAsyncEnumerable<RunEvent> run, CancellationToken cancellationToken)
    {
        var content = new List<ContentBlock>();
        var isRefusal = false;
        RunEnded? end = null;
        await foreach (var runEvent in run.WithCancellation(cancellationToken))
        {
            if (runEvent is ItemCompleted { Item: var item })
            {
                isRefusal |= MessageContent.IsRefusal(item);
                if (MessageContent.ToBlock(item, head.Thinking == ThinkingDisplay.Shown) is { } block && IsVisible(block))
                {
                    content.Add(block);
                }
            }

            end = runEvent as RunEnded ?? end;
        }

        ThrowIfFailed(end ?? throw new InvalidOperationException("The run had no end."));
        return Begin() with
        {
            Content = content,
            StopReason = MessageContent.StopReasonOf(end, content.Exists(b => b is ToolUseBlock), isRefusal),
            StopSequence = MessageContent.StopSequenceOf(end),
            Usage = MessageContent.ToUsage(end.Usage),
        };
    }

    private bool IsVisible(ContentBlock block) =>
        head.Thinking != ThinkingDisplay.None || block is not (ThinkingBlock or RedactedThinkingBlock);

    private static void ThrowIfFailed(RunEnded end)
    {
        if (end.Failure is { } failure)
        {
            throw new GatewayException(failure);
        }
    }

    private Message Begin() => new() { Id = head.Id, Model = head.Model, Content = [], Usage = MessageUsage.None };
}
