using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using OpenClaw.Errors;
using OpenClaw.Models.Upstream;
using OpenClaw.Text;

namespace OpenClaw.Models.Completions;

/// <summary>A model behind an OpenAI-compatible <c>/chat/completions</c>.</summary>
/// <param name="dialectOf">What a model's servers accept.</param>
internal sealed class CompletionsClient(ProviderTransport transport, string modelId, Func<string, CompletionsDialect> dialectOf)
    : StreamingChatClient
{
    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var answer = await SendAsync(messages, options, cancellationToken);
        var reader = new CompletionsReader(transport);
        if (!answer.IsEventStream)
        {
            using var whole = await answer.ReadAllAsync(cancellationToken);
            if (reader.Read(whole.Span) is { } update)
            {
                yield return update;
            }

            yield return reader.End(sawDone: true);
            yield break;
        }

        using var events = new SseReader(await answer.OpenAsync(cancellationToken));
        var sawDone = false;
        while (!sawDone && await ReadNextAsync(events, reader, cancellationToken))
        {
            sawDone = events.Data.Span.SequenceEqual("[DONE]"u8);
            if (!sawDone && reader.Read(events.Data.Span) is { } update)
            {
                yield return update;
            }

            if (reader.HasFinished)
            {
                answer.ExpectEnd();
            }
        }

        yield return reader.End(sawDone);
    }

    private async Task<UpstreamAnswer> SendAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options, CancellationToken cancellationToken)
    {
        var model = options?.ModelId ?? modelId;
        using var body = new PooledBuffer();
        CompletionsRequest.Write(body, model, messages, options, dialectOf(model));
        return await transport.PostAsync("/chat/completions", body.Memory, model, cancellationToken);
    }

    // Once the finish reason is here, a provider that never closes its stream, or resets it, has still answered.
    private static async ValueTask<bool> ReadNextAsync(SseReader events, CompletionsReader reader, CancellationToken cancellationToken)
    {
        try
        {
            return await events.ReadAsync(cancellationToken);
        }
        catch (GatewayException) when (reader.HasFinished)
        {
            return false;
        }
    }
}
