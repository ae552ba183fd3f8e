using OpenClaw.Configuration.Channels;
using OpenClaw.Gateway.Channels.Outbox;
using OpenClaw.Gateway.Channels.Setup;

namespace OpenClaw.Gateway.Channels.Discord;

/// <summary>Registers the commands of an application, and says what to enter.</summary>
internal sealed class DiscordSetup(DiscordApi api) : IChannelSetup
{
    /// <summary>View Channel, Send Messages, Attach Files and Send Messages in Threads.</summary>
    private const long Permissions = 0x400 | 0x800 | 0x8000 | 0x40_0000_0000;

    public string Channel => "discord";

    public async Task<SetupReport> SetUpAsync(ChannelAccount account, string origin, CancellationToken cancellationToken)
    {
        var section = account.As<DiscordSection>();
        try
        {
            await api.RegisterCommandsAsync(section, cancellationToken);
        }
        catch (DiscordException failure)
        {
            return SetupReport.Failed($"Discord did not take the commands: {ReasonOf(failure.Outcome)}");
        }

        return new SetupReport(
            true,
            [
                $"Discord shows {string.Join(", ", DiscordCommand.All.Select(c => c.Name))}.",
                "Enter by hand, at https://discord.com/developers/applications, with the gateway running:",
                $"  General Information, Interactions Endpoint URL: {origin}/webhook/discord",
                "Add the application to a server, or to your account, by:",
                $"  https://discord.com/oauth2/authorize?client_id={section.ApplicationId}"
                    + $"&scope=bot+applications.commands&permissions={Permissions}",
            ]);
    }

    private static string ReasonOf(SendOutcome outcome) => outcome switch
    {
        SendOutcome.Failed failed => failed.Reason,
        SendOutcome.Refused refused => refused.Reason,
        SendOutcome.Unanswered unanswered => unanswered.Reason,
        _ => "it asks to wait; try again later",
    };
}
