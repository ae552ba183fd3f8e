using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using OpenClaw.Configuration.Channels;
using OpenClaw.Gateway.Channels.Outbox;

namespace OpenClaw.Gateway.Channels.Discord;

/// <summary>
/// Sends the parts of replies:
/// <code>
/// part 0: the announced message is filled in ─► later parts: follow-ups ─► token of the interaction over: messages in the channel
/// </code>
/// The first can be repeated, the last too, because Discord knows their nonce. Discord has no such thing for follow-ups.</summary>
internal sealed class DiscordReplies(DiscordApi api, TimeProvider time)
{
    /// <summary>In the notes of a reply: the token of its interaction is of no use any more.</summary>
    private const string TokenIsOver = "over";

    /// <summary>Less than Discord's 15 minutes, so that a call under way does not end after them.</summary>
    private static readonly TimeSpan TokenLife = TimeSpan.FromSeconds((15 * 60) - 20);

    /// <summary>How long an announced message may be unknown: Discord first has to read our announcement.</summary>
    private static readonly TimeSpan AnnouncementTime = TimeSpan.FromSeconds(20);

    /// <summary>Discord's numbers for a token that is over or unknown, and for a message that is not there.</summary>
    private static readonly int[] Unknown = [10008, 10015, 50027];

    /// <summary>Shows an answer that grows in the announced message.</summary>
    /// <exception cref="DiscordException">It could not be shown.</exception>
    public async Task<string?> ShowAsync(DiscordSection section, ChatAddress to, string text, CancellationToken cancellationToken)
    {
        if (!to.More.TryGetValue(DiscordInbound.Token, out var token))
        {
            return null;
        }

        await api.SendAsync(
            section, HttpMethod.Patch, OriginalPath(section, token), hasToken: false, new DiscordContent(text), file: null,
            cancellationToken);
        return "@original";
    }

    /// <exception cref="DiscordException">It was refused, or not answered.</exception>
    public async Task SendAsync(OutboundPart part, Delivery delivery, CancellationToken cancellationToken)
    {
        var section = delivery.Account.As<DiscordSection>();
        var (text, file) = part.Media is null ? (part.Text, null)
            : delivery.File is null ? (OutboundFile.Missing, null) : (part.Text, delivery.File);
        if (TokenOf(delivery) is { } token)
        {
            try
            {
                await (delivery.Index == 0
                    ? api.SendAsync(
                        section, HttpMethod.Patch, OriginalPath(section, token), hasToken: false, new(text), file, cancellationToken)
                    : api.SendAsync(
                        section, HttpMethod.Post, HookPath(section, token), hasToken: false, new(text), file, cancellationToken));
                return;
            }
            catch (DiscordException refused) when (Unknown.Contains(refused.Code) || refused.Status is 401 or 404)
            {
                if (refused.Status == 404 && time.GetUtcNow() - delivery.AskedAt < AnnouncementTime)
                {
                    throw new DiscordException(404, refused.Code, new SendOutcome.Later(TimeSpan.FromSeconds(1)));
                }

                delivery.Notes[TokenIsOver] = "true";
            }
        }

        await api.SendAsync(
            section, HttpMethod.Post, $"/channels/{delivery.To.Chat}/messages", hasToken: true,
            new DiscordContent(text, NonceOf(delivery), EnforceNonce: true), file, cancellationToken);
    }

    /// <summary>Whether sending a part again changes nothing when it has arrived.</summary>
    public bool CanRepeat(Delivery delivery) => delivery.Index == 0 || TokenOf(delivery) is null;

    private string? TokenOf(Delivery delivery) =>
        !delivery.Notes.ContainsKey(TokenIsOver) && time.GetUtcNow() - delivery.AskedAt < TokenLife
            ? delivery.To.More.GetValueOrDefault(DiscordInbound.Token) : null;

    /// <summary>25 characters at most.</summary>
    private static string NonceOf(Delivery delivery) => Convert.ToHexStringLower(SHA256.HashData(
        Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{delivery.ReplyId} {delivery.Index}"))))[..24];

    private static string HookPath(DiscordSection section, string token) =>
        $"/webhooks/{section.ApplicationId}/{Uri.EscapeDataString(token)}";

    private static string OriginalPath(DiscordSection section, string token) => HookPath(section, token) + "/messages/@original";
}
