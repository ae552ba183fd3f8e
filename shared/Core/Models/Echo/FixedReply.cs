using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using OpenClaw.Models.Upstream;

namespace OpenClaw.Models.Echo;

/// <summary>A model that always gives one text: an answer of the gateway itself, sent in the same way as a model's.</summary>
internal sealed class FixedReply(string text) : StreamingChatClient
{
    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await Task.CompletedTask;
        yield return new ChatResponseUpdate(ChatRole.Assistant, text) { FinishReason = ChatFinishReason.Stop };
    }

    public override void Check(ChatOptions options)
    {
        // It takes whatever it is asked.
    }
}
