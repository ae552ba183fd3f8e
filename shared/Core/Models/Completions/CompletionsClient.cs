using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using OpenClaw.Models.Upstream;
using OpenClaw.Text;

namespace OpenClaw.Models.Completions;

/// <summary>A model behind an OpenAI-compatible <c>/chat/completions</c>.</summary>
/// <param name="dialectOf">What a model's servers accept.</param>
/// <param name="maxChars">The limit of an answer.</param>
internal sealed class CompletionsClient(
    ProviderTransport transport, string modelId, Func<string, CompletionsDialect> dialectOf, int maxChars) : StreamingChatClient
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

    public override void Check(ChatOptions options)
    {
        using var body = new PooledBuffer();
        Write(body, options.ModelId ?? modelId, [], options);
    }

    private void Write(PooledBuffer body, string model, IEnumerable<ChatMessage> messages, ChatOptions? options) =>
        CompletionsRequest.Write(body, model, messages, options, dialectOf(model));

    private async Task<UpstreamAnswer> SendAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options, CancellationToken cancellationToken)
    {
        var model = options?.ModelId ?? modelId;
        using var body = new PooledBuffer();
        Write(body, model, messages, options);
        return await transport.PostAsync("/chat/completions", body.Memory, model, cancellationToken);
    }
}
