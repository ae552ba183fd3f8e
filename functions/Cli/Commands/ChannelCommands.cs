using System.CommandLine;
using System.Text.Json;
using OpenClaw.Functions.Hosts.SelfHost;
using OpenClaw.Gateway.Channels.Setup;

namespace OpenClaw.Functions.Cli.Commands;

/// <summary><c>openclaw channels</c> and <c>openclaw pairing</c>.</summary>
internal static class ChannelCommands
{
    private const int Failed = 1;

    public static Command Channels(Option<string?> config)
    {
        var channel = Channel();
        var publicUrl = new Option<string?>(
            "--url")
        { Description = "Where the platform reaches the gateway. Default: gateway.publicUrl." };
        var setup = new Command(
            "setup", "Registers the gateway at telegram, discord, slack or whatsapp, and says what is left to do by hand.")
        {
            channel, publicUrl,
        };
        setup.SetAction((parsed, token) => SetUpAsync(
            parsed.GetValue(config), parsed.GetRequiredValue(channel), parsed.GetValue(publicUrl), token));

        var gateway = new GatewayOptions(config);
        var status = gateway.AddTo(new Command("status", "Shows the channels of a running gateway."));
        status.SetAction((parsed, token) => gateway.RunAsync(parsed, ShowChannelsAsync, token));
        return new Command("channels", "Chat platforms.") { setup, status };
    }

    public static Command Pairing(Option<string?> config)
    {
        var (channel, code) = (Channel(), new Argument<string>("code") { Description = "The code that the person got." });
        var gateway = new GatewayOptions(config);
        var list = gateway.AddTo(new Command("list", "Shows people who wrote to a channel and wait for approval.") { channel });
        list.SetAction((parsed, token) => gateway.RunAsync(
            parsed, (api, cancellation) => ShowWaitingAsync(api, parsed.GetRequiredValue(channel), cancellation), token));
        var approve = gateway.AddTo(new Command("approve", "Lets a person write to the agents.") { channel, code });
        approve.SetAction((parsed, token) => gateway.RunAsync(
            parsed,
            (api, cancellation) => ApproveAsync(api, parsed.GetRequiredValue(channel), parsed.GetRequiredValue(code), cancellation),
            token));
        return new Command("pairing", "People who write to a channel for the first time.") { list, approve };
    }

    private static Argument<string> Channel() => new("channel") { Description = "telegram, slack, discord or whatsapp." };

    private static async Task<int> SetUpAsync(string? configPath, string channel, string? url, CancellationToken cancellationToken)
    {
        if (ConfigCheck.Load(configPath, Console.Error).Config is not { } config)
        {
            return ExitCode.ConfigInvalid;
        }

        var report = await ChannelSetups.RunAsync(config, channel, url, cancellationToken);
        foreach (var line in report.Lines)
        {
            await (report.IsDone ? Console.Out : Console.Error).WriteLineAsync(line);
        }

        return report.IsDone ? ExitCode.Ok : Failed;
    }

    private static async Task ShowChannelsAsync(GatewayApi api, CancellationToken cancellationToken)
    {
        var data = await api.GetAsync("api/channels", cancellationToken);
        TextTable.Write(
            Console.Out,
            [
                ["CHANNEL", "ACCOUNT", "STATUS", "LAST IN", "LAST OUT", "LAST ERROR"],
                .. data.GetProperty("channels").EnumerateArray().Select(c => new[]
                {
                    Text(c, "name"), Text(c, "account"), Text(c, "status"), Text(c, "lastInboundAt"), Text(c, "lastOutboundAt"),
                    Text(c, "lastError"),
                }),
            ]);
    }

    private static async Task ShowWaitingAsync(GatewayApi api, string channel, CancellationToken cancellationToken)
    {
        var data = await api.GetAsync($"api/channels/{Uri.EscapeDataString(channel)}/pairing", cancellationToken);
        var waiting = data.GetProperty("pending").EnumerateArray().Select(w => new[]
        {
            Text(w, "code"), Text(w, "sender"), Text(w, "name"), Text(w, "account"), Text(w, "expiresAt"),
        }).ToList();
        if (waiting.Count == 0)
        {
            await Console.Out.WriteLineAsync("Nobody waits for approval.");
            return;
        }

        TextTable.Write(Console.Out, [["CODE", "ID", "NAME", "ACCOUNT", "UNTIL"], .. waiting]);
    }

    private static async Task ApproveAsync(GatewayApi api, string channel, string code, CancellationToken cancellationToken)
    {
        using var body = new MemoryStream();
        await using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            json.WriteString("action", "approve");
            json.WriteString("code", code);
            json.WriteEndObject();
        }

        var approved = await api.PostAsync($"api/channels/{Uri.EscapeDataString(channel)}/pairing", body.ToArray(), cancellationToken);
        TextTable.Write(
            Console.Out,
            [["APPROVED", "NAME", "ACCOUNT"], [Text(approved, "sender"), Text(approved, "name"), Text(approved, "account")]]);
    }

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
