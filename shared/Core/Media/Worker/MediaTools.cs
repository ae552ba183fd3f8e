namespace OpenClaw.Media.Worker;

/// <summary>What can be read on this system: asked of a worker once, at first use.</summary>
public sealed class MediaTools(MediaWorkers workers)
{
    /// <summary>Whose files the probe's are.</summary>
    private const string Gateway = "gateway";

    private readonly Lock _lock = new();
    private Task<MediaToolsStatus>? _probe;

    /// <summary>Never waits; begins the probe when nobody has.</summary>
    public MediaToolsStatus Status
    {
        get
        {
            lock (_lock)
            {
                _probe ??= Task.Run(ProbeAsync);
                return _probe.IsCompletedSuccessfully ? _probe.Result : new MediaToolsStatus(null, null);
            }
        }
    }

    private async Task<MediaToolsStatus> ProbeAsync()
    {
        try
        {
            var answer = await workers.WithPdfiumAsync(AskAsync) ?? await AskAsync(null);
            return new MediaToolsStatus(answer.Report?.ReadsPdf ?? false, answer.Report?.ReadsHeif ?? false);
        }
        catch (MediaException)
        {
            return new MediaToolsStatus(false, false);
        }
    }

    private Task<MediaAnswer> AskAsync(string? module) => workers.RunAsync(new MediaProbeRequest(module), default, Gateway, CancellationToken.None);
}
