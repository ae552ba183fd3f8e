using OpenClaw.Configuration.Channels;
using OpenClaw.Gateway.Channels.Setup;

namespace OpenClaw.Gateway.Channels.Slack;

/// <summary>Checks the bot's token, and writes the manifest to enter: Slack's API takes none from a bot.</summary>
internal sealed class SlackSetup(SlackApi api) : IChannelSetup
{
    public string Channel => "slack";

    public async Task<SetupReport> SetUpAsync(ChannelAccount account, string origin, CancellationToken cancellationToken)
    {
        List<string> lines =
        [
            "Enter by hand, at https://api.slack.com/apps, App Manifest (JSON), with the gateway running:", .. Manifest(origin).Split('\n'),
            "Then install the app again, and invite it to channels by /invite.",
        ];
        try
        {
            var user = await api.FindUserAsync(account.As<SlackSection>(), cancellationToken);
            return new SetupReport(true, [$"Slack knows the bot's token, of the user {user}.", .. lines]);
        }
        catch (SlackException failure)
        {
            return new SetupReport(false, [$"Slack did not take the bot's token: {failure.Error ?? "it did not answer"}", .. lines]);
        }
    }

    /// <summary>Scopes and events that <see cref="SlackChannel"/> uses.</summary>
    private static string Manifest(string origin) => $$"""
        {
          "display_information": { "name": "OpenClaw" },
          "features": {
            "bot_user": { "display_name": "OpenClaw", "always_online": true },
            "app_home": { "messages_tab_enabled": true, "messages_tab_read_only_enabled": false },
            "slash_commands": [{
              "command": "/openclaw", "url": "{{origin}}/webhook/slack", "description": "Ask the agent", "usage_hint": "question, or /help"
            }],
            "shortcuts": [{ "name": "Ask OpenClaw", "type": "message", "callback_id": "ask", "description": "Ask about this message" }]
          },
          "oauth_config": { "scopes": { "bot": [
            "app_mentions:read", "channels:history", "chat:write", "commands", "files:read", "files:write", "groups:history",
            "im:history", "mpim:history"
          ] } },
          "settings": {
            "event_subscriptions": {
              "request_url": "{{origin}}/webhook/slack",
              "bot_events": ["app_mention", "message.channels", "message.groups", "message.im", "message.mpim"]
            },
            "interactivity": { "is_enabled": true, "request_url": "{{origin}}/webhook/slack" }
          }
        }
        """;
}
