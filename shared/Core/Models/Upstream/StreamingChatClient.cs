using Microsoft.Extensions.AI;
using OpenClaw.Errors;

namespace OpenClaw.Models.Upstream;

/// <summary>
/// A chat client whose one path is the stream. Updates carry text, <see cref="TextReasoningContent"/>,
/// <see cref="RefusalDelta"/> and <see cref="ToolCallDelta"/>; the last one carries the finish reason and, where the
/// provider counts, <see cref="UsageContent"/>. Failures are <see cref="GatewayException"/>s out of the enumeration.
/// </summary>
internal abstract class StreamingChatClient : IChatClient
{
    public abstract IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default);

    public Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        GetStreamingResponseAsync(messages, options, cancellationToken).FoldAsync(cancellationToken);

    public virtual object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is null && serviceType.IsInstanceOfType(this) ? this : null;

    /// <summary>Nothing to give back: connections belong to the <see cref="ModelCatalog"/>.</summary>
    public void Dispose() => GC.SuppressFinalize(this);
}
