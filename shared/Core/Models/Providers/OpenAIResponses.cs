using Microsoft.Extensions.AI;
using OpenClaw.Models.Responses;

namespace OpenClaw.Models.Providers;

/// <summary>OpenAI's Responses API.</summary>
internal sealed class OpenAIResponses : OpenAIApi
{
    public override string Name => "openai-responses";

    public override IChatClient CreateClient(ModelProvider provider, string modelId) =>
        new ResponsesClient(provider.Transport.Value, modelId, provider.CompatOf, provider.MaxAnswerChars);
}
