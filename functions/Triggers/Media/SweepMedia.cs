using Microsoft.Azure.Functions.Worker;
using OpenClaw.Media.Files;

namespace OpenClaw.Functions.Triggers;

/// <summary>Every hour: deletes files that have expired, and the rest of uploads that broke off.</summary>
public sealed class SweepMedia(MediaStore store)
{
    [Function(nameof(SweepMedia))]
    public Task RunAsync([TimerTrigger("0 37 * * * *")] TimerInfo timer, CancellationToken cancellationToken) =>
        store.SweepAsync(cancellationToken);
}
