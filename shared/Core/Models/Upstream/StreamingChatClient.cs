using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using OpenClaw.Errors;

namespace OpenClaw.Models.Upstream;

/// <summary>
/// A chat client whose one path is the stream. Updates carry text, <see cref="TextReasoningContent"/>,
/// <see cref="RefusalDelta"/> and <see cref="ToolCallDelta"/>; the last one carries the finish reason and, where the
/// provider counts, <see cref="UsageContent"/>. Failures are <see cref="GatewayException"/>s out of the enumeration.
/// </summary>
internal abstract class StreamingChatClient : IChatClient
{
    public abstract IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Checks, without sending anything, whether the model takes what the options ask for.</summary>
    /// <exception cref="GatewayException"><c>400 unsupported_parameter</c>.</exception>
    public abstract void Check(ChatOptions options);

    public Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        GetStreamingResponseAsync(messages, options, cancellationToken).FoldAsync(cancellationToken);

    public virtual object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is null && serviceType.IsInstanceOfType(this) ? this : null;

    /// <summary>Nothing to give back: connections belong to the <see cref="ModelCatalog"/>.</summary>
    public void Dispose() => GC.SuppressFinalize(this);

    /// <summary>Reads an answer to its end, streamed or whole.</summary>
    /// <param name="answer">Disposed at the end.</param>
    protected static async IAsyncEnumerable<ChatResponseUpdate> ReadAsync(
        UpstreamAnswer answer, AnswerReader reader, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var open = answer;
        if (await answer.IsEventStreamAsync(cancellationToken))
        {
            using var events = await answer.OpenEventsAsync(cancellationToken);
            while (!reader.HasEnded && await ReadNextAsync(events, reader, cancellationToken))
            {
                if (reader.Read(events.Name, events.Data.Span) is { } update)
                {
                    yield return update;
                }

                answer.Expect(onlyTrailer: reader.IsOver);
            }
        }
        else
        {
            using var whole = await answer.ReadAllAsync(cancellationToken);
            if (reader.ReadWhole(whole.Span) is { } update)
            {
                yield return update;
            }
        }

        yield return reader.End();
    }

    // A provider whose answer is over may be silent, or reset its connection.
    private static async ValueTask<bool> ReadNextAsync(SseReader events, AnswerReader reader, CancellationToken cancellationToken)
    {
        try
        {
            return await events.ReadAsync(cancellationToken);
        }
        catch (GatewayException) when (reader.IsOver)
        {
            return false;
        }
    }
}
