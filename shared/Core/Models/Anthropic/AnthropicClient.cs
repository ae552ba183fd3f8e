using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using OpenClaw.Configuration;
using OpenClaw.Models.Upstream;
using OpenClaw.Text;

namespace OpenClaw.Models.Anthropic;

/// <summary>A model behind Anthropic's <c>/v1/messages</c>.</summary>
/// <param name="maxTokensOf">The configured limit of output tokens of a model; null when none is configured.</param>
/// <param name="compatOf">What is configured of a model's servers.</param>
/// <param name="maxChars">The limit of an answer.</param>
internal sealed class AnthropicClient(
    ProviderTransport transport, string modelId, Func<string, int?> maxTokensOf, Func<string, CompatSection> compatOf, int maxChars)
    : StreamingChatClient
{
    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var answer = await SendAsync(messages, options, cancellationToken);
        await foreach (var update in ReadAsync(answer, new AnthropicReader(transport, maxChars), cancellationToken))
        {
            yield return update;
        }
    }

    public override void Check(ChatOptions options)
    {
        using var body = new PooledBuffer();
        Write(body, options.ModelId ?? modelId, [], options);
    }

    private void Write(PooledBuffer body, string model, IEnumerable<ChatMessage> messages, ChatOptions? options) =>
        AnthropicRequest.Write(body, model, messages, options, maxTokensOf(model), compatOf(model));

    private async Task<UpstreamAnswer> SendAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options, CancellationToken cancellationToken)
    {
        var model = options?.ModelId ?? modelId;
        using var body = new PooledBuffer();
        Write(body, model, messages, options);
        return await transport.PostAsync("/messages", body.Memory, model, cancellationToken);
    }
}
