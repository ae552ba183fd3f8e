using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using OpenClaw.Configuration;
using OpenClaw.Models.Upstream;
using OpenClaw.Text;

namespace OpenClaw.Models.Responses;

/// <summary>A model behind OpenAI's <c>/responses</c>, with the provider's storage turned off.</summary>
/// <param name="compatOf">What is configured of a model's servers.</param>
/// <param name="maxChars">The limit of an answer.</param>
internal sealed class ResponsesClient(ProviderTransport transport, string modelId, Func<string, CompatSection> compatOf, int maxChars)
    : StreamingChatClient
{
    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var answer = await SendAsync(messages, options, cancellationToken);
        await foreach (var update in ReadAsync(answer, new ResponsesReader(transport, maxChars), cancellationToken))
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
        ResponsesRequest.Write(body, model, messages, options, compatOf(model));

    private async Task<UpstreamAnswer> SendAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options, CancellationToken cancellationToken)
    {
        var model = options?.ModelId ?? modelId;
        using var body = new PooledBuffer();
        Write(body, model, messages, options);
        return await transport.PostAsync("/responses", body.Memory, model, cancellationToken);
    }
}
