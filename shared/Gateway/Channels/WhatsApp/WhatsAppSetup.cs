using OpenClaw.Configuration.Channels;
using OpenClaw.Gateway.Channels.Outbox;
using OpenClaw.Gateway.Channels.Setup;

namespace OpenClaw.Gateway.Channels.WhatsApp;

/// <summary>Checks the access token with the own number, and says what to enter.</summary>
internal sealed class WhatsAppSetup(WhatsAppApi api) : IChannelSetup
{
    public string Channel => "whatsapp";

    public async Task<SetupReport> SetUpAsync(ChannelAccount account, string origin, CancellationToken cancellationToken)
    {
        var section = account.As<WhatsAppSection>();
        List<string> lines =
        [
            "Enter by hand, at https://developers.facebook.com/apps, WhatsApp, Configuration, with the gateway running:",
            $"  Callback URL: {origin}/webhook/whatsapp",
            "  Verify token: the value of channels.whatsapp.verifyToken",
            "  Webhook fields: subscribe to messages",
        ];
        try
        {
            var number = await api.FindAsync(section, section.PhoneNumberId!, cancellationToken);
            return new SetupReport(true, [$"WhatsApp knows the access token, of the number {number.DisplayPhoneNumber}.", .. lines]);
        }
        catch (SendException failure)
        {
            var reason = failure.Outcome is SendOutcome.Refused refused ? refused.Reason : "it did not answer";
            return new SetupReport(false, [$"WhatsApp did not take the access token with this phoneNumberId: {reason}", .. lines]);
        }
    }
}
