using Microsoft.Extensions.DependencyInjection;
using OpenClaw.Configuration;
using OpenClaw.Configuration.Channels;
using OpenClaw.Outbound;
using OpenClaw.Storage;

namespace OpenClaw.Gateway.Channels.Setup;

/// <summary>Sets channels up at their platforms.</summary>
public sealed class ChannelSetups(IEnumerable<IChannelSetup> setups, ChannelList channels, GatewayConfigStore config)
{
    /// <summary>Sets up every account of a channel that is switched on, with the secrets of a configuration. No gateway needs to
    /// run.</summary>
    /// <param name="url">Where the platform reaches the gateway; null is <c>gateway.publicUrl</c>.</param>
    public static async Task<SetupReport> RunAsync(
        GatewayConfig config, string channel, string? url, CancellationToken cancellationToken)
    {
        await using var services = new ServiceCollection().AddLogging().AddSingleton(TimeProvider.System)
            .AddSingleton(new GatewayConfigStore(config)).AddStorage().AddOutbound().AddChannels().BuildServiceProvider();
        return await services.GetRequiredService<ChannelSetups>().RunAsync(channel, url, cancellationToken);
    }

    private async Task<SetupReport> RunAsync(string channel, string? url, CancellationToken cancellationToken)
    {
        if (setups.FirstOrDefault(s => s.Channel == channel) is not { } setup)
        {
            return SetupReport.Failed(
                $"There is nothing to set up for '{channel}'. Channels: {string.Join(", ", setups.Select(s => s.Channel))}.");
        }

        var accounts = channels.AccountsOf(channel);
        if (accounts.Count == 0)
        {
            return SetupReport.Failed(
                $"channels.{channel} is not configured or is switched off. It needs {KeysOf(channel)}; "
                + "docs/channels.md says where they are.");
        }

        if ((url ?? config.Current.Gateway.PublicUrl)?.TrimEnd('/') is not { } origin
            || !Uri.TryCreate(origin, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
        {
            return SetupReport.Failed("Say where the platform reaches the gateway: --url https://… or gateway.publicUrl.");
        }

        var lines = new List<string>();
        var isDone = true;
        foreach (var account in accounts)
        {
            var report = await setup.SetUpAsync(account, origin, cancellationToken);
            isDone &= report.IsDone;
            lines.AddRange(
                account.Id == ChannelSection.DefaultAccount ? report.Lines : report.Lines.Select(line => $"{account.Id}: {line}"));
        }

        return new SetupReport(isDone, lines);
    }

    private static string KeysOf(string channel)
    {
        ChannelSection section = channel switch
        {
            "telegram" => new TelegramSection(),
            "slack" => new SlackSection(),
            "discord" => new DiscordSection(),
            _ => new WhatsAppSection(),
        };
        return string.Join(", ", section.Required.Select(entry => entry.Key));
    }
}
