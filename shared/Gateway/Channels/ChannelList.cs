using OpenClaw.Configuration;

namespace OpenClaw.Gateway.Channels;

/// <summary>The channels that this gateway has, and which of them the configuration of now switches on.</summary>
public sealed class ChannelList(IEnumerable<Channel> channels, GatewayConfigStore config)
{
    private readonly Dictionary<string, Channel> _channels = channels.ToDictionary(c => c.Id, StringComparer.Ordinal);

    /// <summary>Null when there is no such channel.</summary>
    public Channel? Find(string id) => _channels.GetValueOrDefault(id);

    /// <summary>The accounts of a channel that are switched on; none when the channel is off.</summary>
    public IReadOnlyList<ChannelAccount> AccountsOf(string channel) =>
        config.Current.Channels.Find(channel) is { Enabled: true } section
            ? [.. section.EnabledAccounts().Select(account => new ChannelAccount(channel, account.Key, account.Value))] : [];

    /// <summary>Null when the account, or its channel, was switched off.</summary>
    public (Channel Channel, ChannelAccount Account)? FindAccount(string channel, string account) =>
        Find(channel) is { } found && (found.HasSection ? AccountsOf(channel).FirstOrDefault(a => a.Id == account)
            : found.AccountWithoutSection(account)) is { } own ? (found, own) : null;

    /// <summary>The channel whose webhook a path is, by the path that the configuration gives it; null for none.</summary>
    public Channel? FindByPath(string path) => config.Current.Channels.All()
        .Where(entry => entry.Value.Enabled && path.Equals(entry.Value.WebhookPath, StringComparison.OrdinalIgnoreCase))
        .Select(entry => Find(entry.Key)).FirstOrDefault();
}
