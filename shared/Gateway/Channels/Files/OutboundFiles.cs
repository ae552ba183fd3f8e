using OpenClaw.Gateway.Channels.Outbox;
using OpenClaw.Media;
using OpenClaw.Media.Files;
using OpenClaw.Security;

namespace OpenClaw.Gateway.Channels.Files;

/// <summary>Files that agents show in their replies. They may show files of the operator and of channels, not those of other
/// callers.</summary>
public sealed class OutboundFiles(MediaStore media)
{
    /// <summary>Null when the file is gone, is not for this, or is larger than the channel takes.</summary>
    /// <exception cref="Errors.GatewayException"><c>503 storage_unavailable</c>.</exception>
    public async Task<OutboundFile?> ReadAsync(string id, ChannelAccount account, CancellationToken cancellationToken)
    {
        if (await media.FindAsync(id, cancellationToken) is not { } item
            || (item.Owner != Caller.OperatorSubject && item.Owner != Caller.OfChannel(account.Channel).Subject))
        {
            return null;
        }

        try
        {
            var found = await media.ReadAsync(
                id, new Caller(item.Owner, Scope.OperatorRead, IsIdentity: false, IsOwner: false), account.Section.MediaMaxMb * 1_048_576L,
                cancellationToken);
            return found is var (_, content) ? new OutboundFile(content, item.ContentType, item.FileName) : null;
        }
        catch (MediaException)
        {
            return null;
        }
    }
}
