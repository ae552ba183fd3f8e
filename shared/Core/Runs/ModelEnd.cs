using Microsoft.Extensions.AI;
using OpenClaw.Models;
using OpenClaw.Usage;

namespace OpenClaw.Runs;

/// <summary>What the updates of a model say about its end.</summary>
internal sealed class ModelEnd
{
    private UsageDetails? _usage;
    private ChatFinishReason? _finish;
    private string? _stopSequence;

    /// <summary>As the provider reports it.</summary>
    public RunUsage Usage => RunUsage.Of(_usage);

    public void Add(ChatResponseUpdate update)
    {
        _usage = update.Contents.OfType<UsageContent>().LastOrDefault()?.Details ?? _usage;
        _finish = update.FinishReason ?? _finish;
        _stopSequence = ModelJson.Property(update.AdditionalProperties, ModelProperties.StopSequence) ?? _stopSequence;
    }

    /// <summary>How the model says it ended.</summary>
    public RunEnded ToEvent() =>
        _finish == ChatFinishReason.Length ? new RunIncomplete(Usage, "max_output_tokens")
        : _finish == ChatFinishReason.ContentFilter ? new RunIncomplete(Usage, "content_filter")
        : new RunCompleted(Usage) { StopSequence = _stopSequence };
}
