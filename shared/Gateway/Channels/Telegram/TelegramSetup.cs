using OpenClaw.Configuration.Channels;
using OpenClaw.Gateway.Channels.Conversation;
using OpenClaw.Gateway.Channels.Setup;
using Telegram.Bot;
using Telegram.Bot.Exceptions;
using Telegram.Bot.Types;
using Telegram.Bot.Types.Enums;

namespace OpenClaw.Gateway.Channels.Telegram;

/// <summary>Registers the webhook and the commands of a bot.</summary>
internal sealed class TelegramSetup(TelegramApi api) : IChannelSetup
{
    /// <summary>The kinds that <see cref="TelegramInbound"/> reads.</summary>
    private static readonly UpdateType[] Served =
        [UpdateType.Message, UpdateType.EditedMessage, UpdateType.ChannelPost, UpdateType.CallbackQuery];

    public string Channel => "telegram";

    public async Task<SetupReport> SetUpAsync(ChannelAccount account, string origin, CancellationToken cancellationToken)
    {
        var section = account.As<TelegramSection>();
        var url = $"{origin}/webhook/telegram";
        try
        {
            var name = await api.FindNameAsync(section, cancellationToken);
            await api.CallAsync(
                section, async (client, token) =>
                {
                    await client.SetWebhook(url, allowedUpdates: Served, secretToken: section.WebhookSecret, cancellationToken: token);
                    await client.SetMyCommands(
                        ChatCommand.All.Select(c => new BotCommand(c.Name, c.Description)), cancellationToken: token);
                    return true;
                }, cancellationToken);
            return new SetupReport(
                true,
                [
                    $"Telegram calls {url} for @{name}, and shows its commands.",
                    "In groups the bot hears mentions, replies and commands. For all else switch its privacy off: @BotFather, /setprivacy.",
                ]);
        }
        catch (RequestException failure)
        {
            return SetupReport.Failed($"Telegram did not take the webhook {url}: {failure.Message}");
        }
    }
}
