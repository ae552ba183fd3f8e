using Microsoft.Extensions.AI;
using OpenClaw.Models.Completions;

namespace OpenClaw.Models.Providers;

/// <summary>Chat completions: OpenAI, and every server that is compatible with it.</summary>
internal sealed class OpenAICompletions : OpenAIApi
{
    public override string Name => "openai-completions";

    internal override string Alias => "openai";

    public override IChatClient CreateClient(ModelProvider provider, string modelId) =>
        new CompletionsClient(provider.Transport.Value, modelId, id => DialectOf(provider, id, isAzure: false), provider.MaxAnswerChars);
}
