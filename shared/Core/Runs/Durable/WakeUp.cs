using System.Diagnostics;
using System.Text.Json;
using OpenClaw.Sessions;

namespace OpenClaw.Runs.Durable;

/// <summary>The text of a wake-up message. It carries no content: the session's inbox says what there is to do.</summary>
/// <param name="Partition">Of the session: 52 base32 characters.</param>
/// <param name="RunId">The run it was sent for, which is marked failed when the message is given up; null in messages of earlier
/// versions.</param>
/// <param name="TraceParent">W3C trace context of the request that asked for the run; null when it was not traced.</param>
public sealed record WakeUp(string Partition, string? RunId, string? TraceParent)
{
    public static WakeUp For(string partition, string? runId) => new(partition, runId, Activity.Current?.Id);

    /// <exception cref="FormatException">The text is not a wake-up.</exception>
    public static WakeUp Parse(string text)
    {
        if (SessionKey.IsPartition(text))
        {
            return new WakeUp(text, null, null); // as earlier versions wrote it
        }

        try
        {
            if (JsonSerializer.Deserialize(text, RunJson.Default.WakeUp) is { } wakeUp && SessionKey.IsPartition(wakeUp.Partition))
            {
                return wakeUp;
            }
        }
        catch (JsonException)
        {
            // Not a wake-up of this gateway.
        }

        throw new FormatException("The message is not a wake-up of this gateway.");
    }

    public override string ToString() => JsonSerializer.Serialize(this, RunJson.Default.WakeUp);
}
