using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using OpenClaw.Models.Upstream;
using OpenClaw.Text;

namespace OpenClaw.Models.Completions;

/// <summary>A model behind an OpenAI-compatible <c>/chat/completions</c>.</summary>
/// <param name="isOpenAI">OpenAI itself, or Azure's copy of it: it knows fields and roles that compatible servers refuse.</param>
/// <param name="maxChars">The limit of an answer.</param>
internal sealed class CompletionsClient(ProviderTransport transport, string modelId, bool isOpenAI, int maxChars) : StreamingChatClient
{
    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var answer = await SendAsync(messages, options, cancellationToken);
        await foreach (var update in ReadAsync(answer, new CompletionsReader(transport, maxChars), cancellationToken))
        {
            yield return update;
        }
    }

    private async Task<UpstreamAnswer> SendAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options, CancellationToken cancellationToken)
    {
        var model = options?.ModelId ?? modelId;
        using var body = new PooledBuffer();
        CompletionsRequest.Write(body, model, messages, options, isOpenAI);
        return await transport.PostAsync("/chat/completions", body.Memory, model, cancellationToken);
    }
}
