namespace OpenClaw.Sessions;

/// <summary>The channel and type of conversation that a session key names.</summary>
/// <param name="Channel">Such as <c>api</c>, <c>openai</c>, <c>telegram</c>; empty when the key names none.</param>
/// <param name="Type"><c>direct</c>, <c>group</c> or <c>thread</c>.</param>
public sealed record SessionKind(string Channel, string Type)
{
    /// <param name="key">Such as <c>agent:main:slack:channel:C1:thread:1.2</c>.</param>
    public static SessionKind Of(string key)
    {
        var parts = key.Split(':');
        if (parts is not ["agent", _, var channel, ..])
        {
            return new SessionKind("", "direct");
        }

        var type = parts.Length > 5 && parts[^2] is "thread" or "topic" ? "thread"
            : parts.Length > 4 && parts[3] is "group" or "channel" ? "group"
            : "direct";
        return new SessionKind(channel.EndsWith("-user", StringComparison.Ordinal) ? channel[..^"-user".Length] : channel, type);
    }
}
