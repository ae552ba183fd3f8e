using Microsoft.Extensions.AI;

namespace OpenClaw.Models;

/// <summary>Stands for a provider whose <c>api</c> this gateway does not speak; fails on use, so that fallbacks can serve.</summary>
internal sealed class UnsupportedChatClient(string api) : StreamingChatClient
{
    public override IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        throw new GatewayException(GatewayError.ProviderNotSupported(api));
}
