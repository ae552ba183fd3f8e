using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using OpenClaw.Configuration;
using OpenClaw.Errors;
using OpenClaw.Models.Upstream;
using OpenClaw.Text;

namespace OpenClaw.Models.Responses;

/// <summary>A model behind OpenAI's <c>/responses</c>, with the provider's storage turned off.</summary>
/// <param name="compatOf">What is configured of a model's servers.</param>
internal sealed class ResponsesClient(ProviderTransport transport, string modelId, Func<string, CompatSection> compatOf)
    : StreamingChatClient
{
    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var answer = await SendAsync(messages, options, cancellationToken);
        var reader = new ResponsesReader(transport);
        if (!answer.IsEventStream)
        {
            using var whole = await answer.ReadAllAsync(cancellationToken);
            foreach (var update in reader.ReadWhole(whole.Span))
            {
                yield return update;
            }

            yield break;
        }

        const int MaxEvent = 8 << 20; // the terminal event repeats the answer
        using var events = new SseReader(await answer.OpenAsync(cancellationToken), maxBytes: MaxEvent);
        while (!reader.HasFinished && await events.ReadAsync(cancellationToken))
        {
            if (!events.Data.Span.SequenceEqual("[DONE]"u8) && reader.Read(events.Data.Span) is { } update)
            {
                yield return update;
            }
        }

        if (!reader.HasFinished)
        {
            throw new GatewayException(GatewayError.UpstreamInterrupted());
        }
    }

    private async Task<UpstreamAnswer> SendAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options, CancellationToken cancellationToken)
    {
        var model = options?.ModelId ?? modelId;
        using var body = new PooledBuffer();
        ResponsesRequest.Write(body, model, messages, options, compatOf(model));
        return await transport.PostAsync("/responses", body.Memory, model, cancellationToken);
    }
}
