using Microsoft.Extensions.AI;
using OpenClaw.Configuration;
using OpenClaw.Errors;
using OpenClaw.Models.Anthropic;
using OpenClaw.Models.Upstream;

namespace OpenClaw.Models;

/// <summary>A model that can be called now.</summary>
/// <param name="Reference"><c>provider/id</c>.</param>
/// <param name="Client">Bound to the model; <see cref="ChatOptions.ModelId"/> overrides it. Cheap, not to be disposed.</param>
/// <param name="Info">Its entry in the configuration; null when the provider passes any id through.</param>
public sealed record ModelTarget(string Reference, string ProviderId, string ModelId, IChatClient Client, ModelSection? Info)
{
    /// <summary>Whether a reasoning effort may be sent that the caller did not choose for this model. A Claude client drops it where it
    /// does not fit.</summary>
    public bool IsKnownToReason => Info?.Reasoning == true || Client is AnthropicClient;

    /// <summary>Whether it can call tools, as far as the configuration says.</summary>
    public bool CanCallTools { get; init; } = true;

    /// <summary>Checks, without sending anything, whether the model takes what the options ask for.</summary>
    /// <exception cref="GatewayException"><c>400 unsupported_parameter</c>.</exception>
    public void Check(ChatOptions options) => Client.GetService<StreamingChatClient>()?.Check(options);
}
