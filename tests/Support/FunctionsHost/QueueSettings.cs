using System.Globalization;
using System.Text.Json;

namespace OpenClaw.Tests.Support;

/// <summary><c>extensions.queues</c> of host.json.</summary>
public sealed record QueueSettings(
    int BatchSize, int NewBatchThreshold, int MaxDequeueCount, TimeSpan VisibilityTimeout, TimeSpan MaxPollingInterval,
        string MessageEncoding)
{
    public static QueueSettings Read(JsonElement host)
    {
        var queues = host.GetProperty("extensions").GetProperty("queues");
        return new QueueSettings(
            queues.GetProperty("batchSize").GetInt32(), queues.GetProperty("newBatchThreshold").GetInt32(), queues.GetProperty(
                "maxDequeueCount").GetInt32(),
            Span("visibilityTimeout"), Span("maxPollingInterval"), queues.GetProperty("messageEncoding").GetString()!);

        TimeSpan Span(string name) => TimeSpan.Parse(queues.GetProperty(name).GetString()!, CultureInfo.InvariantCulture);
    }
}
