using System.Globalization;
using OpenClaw.Configuration;
using OpenClaw.Errors;
using OpenClaw.Security;

namespace OpenClaw.Media.Files;

/// <summary>Links that open one file for a short while, for places that send no credentials: a Unix time and an HMAC over the file's id
/// and it.</summary>
public sealed class MediaTickets(InternalSecret secret, GatewayConfigStore config, TimeProvider time)
{
    public const string Parameter = "ticket";

    private const string Purpose = "media-ticket";

    /// <summary>A ticket for a file, good for the configured time and never longer than the file.</summary>
    /// <exception cref="GatewayException"><c>503 storage_unavailable</c>.</exception>
    public async Task<string> CreateAsync(MediaItem item, CancellationToken cancellationToken)
    {
        var until = time.GetUtcNow().AddSeconds(config.Current.Gateway.Http.Media.TicketSeconds);
        var text = (until < item.ExpiresAt ? until : item.ExpiresAt).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        return $"{text}.{await secret.SignAsync(Purpose, $"{item.Id}\n{text}", cancellationToken)}";
    }

    /// <summary>Whether the ticket is ours, for this file, and not over.</summary>
    /// <exception cref="GatewayException"><c>503 storage_unavailable</c>.</exception>
    public async Task<bool> IsValidAsync(string id, string ticket, CancellationToken cancellationToken)
    {
        var dot = ticket.IndexOf('.', StringComparison.Ordinal);
        if (dot is <= 0 or >= 20 || !MediaId.IsValid(id)
            || !long.TryParse(ticket.AsSpan(0, dot), NumberStyles.None, CultureInfo.InvariantCulture, out var until)
            || time.GetUtcNow().ToUnixTimeSeconds() >= until)
        {
            return false;
        }

        var expected = await secret.SignAsync(Purpose, $"{id}\n{ticket.AsSpan(0, dot)}", cancellationToken);
        return new Secret(expected).Matches(ticket.AsSpan(dot + 1));
    }
}
