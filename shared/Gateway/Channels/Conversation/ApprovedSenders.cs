using OpenClaw.Errors;
using OpenClaw.Security;
using OpenClaw.Sessions;
using OpenClaw.Storage;

namespace OpenClaw.Gateway.Channels.Conversation;

/// <summary>People whom the operator has approved, by account. Their rows, and those of people who wait for it, are in one partition a
/// channel.</summary>
public sealed class ApprovedSenders(GatewayStorage storage)
{
    /// <exception cref="GatewayException"><c>503 storage_unavailable</c>.</exception>
    public async Task<bool> ContainsAsync(ChannelAccount account, string sender, CancellationToken cancellationToken) =>
        await storage.Table(SessionStore.TableName).GetAsync<ChannelPairingRow>(
            PartitionOf(account.Channel), ChannelPairingRow.Approved + NameOf(account.Id, sender), cancellationToken) is not null;

    internal static string PartitionOf(string channel) => new SessionKey("", "", $"channel:{channel}:pairing").Partition;

    internal static string NameOf(string account, string sender) => Secret.HashName("sender", account, sender);
}
