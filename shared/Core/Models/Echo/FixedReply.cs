using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using OpenClaw.Models.Upstream;

namespace OpenClaw.Models.Echo;

/// <summary>A model that says one thing: the gateway's own answer, on the path of every other.</summary>
internal sealed class FixedReply(string text) : StreamingChatClient
{
    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await Task.CompletedTask;
        yield return new ChatResponseUpdate(ChatRole.Assistant, text) { FinishReason = ChatFinishReason.Stop };
    }
}
