using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using OpenClaw.Configuration;
using OpenClaw.Models.Upstream;
using OpenClaw.Text;

namespace OpenClaw.Models.Anthropic;

/// <summary>A model behind Anthropic's <c>/v1/messages</c>.</summary>
/// <param name="maxTokensOf">The configured limit of output tokens of a model; null when none is configured.</param>
/// <param name="compatOf">What is configured of a model's servers.</param>
internal sealed class AnthropicClient(
    ProviderTransport transport, string modelId, Func<string, int?> maxTokensOf, Func<string, CompatSection> compatOf)
    : StreamingChatClient
{
    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var answer = await SendAsync(messages, options, cancellationToken);
        var reader = new AnthropicReader(transport);
        if (!answer.IsEventStream)
        {
            using var whole = await answer.ReadAllAsync(cancellationToken);
            yield return reader.ReadWhole(whole.Span);
            yield return reader.End();
            yield break;
        }

        using var events = new SseReader(await answer.OpenAsync(cancellationToken));
        while (!reader.HasFinished && await events.ReadAsync(cancellationToken))
        {
            if (reader.Read(events.Data.Span) is { } update)
            {
                yield return update;
            }
        }

        yield return reader.End();
    }

    private async Task<UpstreamAnswer> SendAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options, CancellationToken cancellationToken)
    {
        var model = options?.ModelId ?? modelId;
        using var body = new PooledBuffer();
        AnthropicRequest.Write(body, model, messages, options, maxTokensOf(model), compatOf(model));
        return await transport.PostAsync("/messages", body.Memory, model, cancellationToken);
    }
}
