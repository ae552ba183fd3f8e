using OpenClaw.Configuration.Parsing;

namespace OpenClaw.Configuration;

/// <summary>A channel of the section <c>channels</c>.</summary>
/// <param name="IsEnabled">False where the channel's section says so, or is none.</param>
public sealed record ConfiguredChannel(string Name, bool IsEnabled)
{
    public static IEnumerable<ConfiguredChannel> Of(GatewayConfig config) => (config.Channels?.Members ?? []).Select(
        member => new ConfiguredChannel(
            member.Key, member.Value.Kind == ConfigNodeKind.Map && member.Value.Find("enabled")?.Text != "false"));
}
