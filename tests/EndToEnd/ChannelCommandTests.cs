using System.Globalization;
using OpenClaw.Configuration;
using OpenClaw.Functions.Hosts.SelfHost;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Channels;
using Xunit;

namespace OpenClaw.Tests.EndToEnd;

/// <summary><c>openclaw channels</c> and <c>openclaw pairing</c>, as processes.</summary>
[Trait("Feature", "F73")]
public sealed class ChannelCommandTests(AzuriteFixture azurite)
{
    private const string PublicUrl = "https://gateway.example";

    [Fact]
    public async Task Setup_registers_the_webhook_and_the_commands_of_a_Telegram_bot()
    {
        await using var telegram = await TelegramStandIn.StartAsync();
        var (exitCode, output, errors) = await SetUpAsync(
            "telegram", $"{{botToken: '{TelegramStandIn.Token}', webhookSecret: 'the-secret', apiRoot: '{telegram.Origin}'}}");

        Assert.True(exitCode == ExitCode.Ok, errors);
        Assert.Equal("https://gateway.example/webhook/telegram", telegram.Webhook!["url"]);
        Assert.Equal("the-secret", telegram.Webhook["secret_token"]);
        Assert.Equal(
            ["message", "edited_message", "channel_post", "callback_query"],
            telegram.Webhook.Json("allowed_updates")!.AsArray().Select(u => u!.GetValue<string>()));
        Assert.Contains(
            "/webhook/telegram for @" + TelegramStandIn.BotName, output, StringComparison.Ordinal);
        Assert.Equal(
            ["new", "reset", "status", "model", "stop", "help"],
            Assert.Single(telegram.CallsOf("setMyCommands")).Json("commands")!.AsArray().Select(c => c!["command"]!.GetValue<string>()));
        Assert.DoesNotContain(TelegramStandIn.Token, output + errors, StringComparison.Ordinal);
        Assert.DoesNotContain("the-secret", output + errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Setup_registers_the_commands_of_a_Discord_application_and_says_what_to_enter()
    {
        await using var discord = await DiscordStandIn.StartAsync();
        var (exitCode, output, errors) = await SetUpAsync(
            "discord",
            $"{{token: '{DiscordStandIn.Token}', applicationId: '{DiscordStandIn.ApplicationId}', publicKey: '{new string('a', 64)}', "
                + $"apiUrl: '{discord.ApiUrl}'}}");

        Assert.True(exitCode == ExitCode.Ok, errors);
        Assert.Equal(
            ["ask", "new", "reset", "status", "model", "stop", "help", "Ask OpenClaw"],
            discord.Commands!.Select(c => c!["name"]!.GetValue<string>()));
        Assert.Contains("Interactions Endpoint URL: https://gateway.example/webhook/discord", output, StringComparison.Ordinal);
        Assert.Contains("client_id=" + DiscordStandIn.ApplicationId, output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Setup_checks_the_tokens_of_Slack_and_WhatsApp_and_says_what_to_enter()
    {
        await using var slack = await SlackStandIn.StartAsync();
        await using var whatsApp = await WhatsAppStandIn.StartAsync();
        var forSlack = await SetUpAsync(
            "slack", $"{{botToken: '{SlackStandIn.Token}', signingSecret: 's', apiUrl: '{slack.ApiUrl}'}}");
        var forWhatsApp = await SetUpAsync(
            "whatsapp", $"{{accessToken: '{WhatsAppStandIn.Token}', phoneNumberId: '{WhatsAppStandIn.PhoneNumberId}', appSecret: 's', "
                + $"verifyToken: 'verify-me', apiUrl: '{whatsApp.ApiUrl}'}}");

        Assert.Equal((ExitCode.Ok, ExitCode.Ok), (forSlack.ExitCode, forWhatsApp.ExitCode));
        Assert.Contains(SlackStandIn.BotUserId, forSlack.Output, StringComparison.Ordinal);
        Assert.Contains("\"request_url\": \"https://gateway.example/webhook/slack\"", forSlack.Output, StringComparison.Ordinal);
        Assert.Contains("+1 555-999-0000", forWhatsApp.Output, StringComparison.Ordinal);
        Assert.Contains("Callback URL: https://gateway.example/webhook/whatsapp", forWhatsApp.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("verify-me", forWhatsApp.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("telegram", "telegram", "{botToken: '1:wrong', webhookSecret: 's', apiRoot: '$'}", "Unauthorized")]
    [InlineData("slack", "slack", "{botToken: 'wrong', signingSecret: 's', apiUrl: '$/api'}", "invalid_auth")]
    [InlineData("telegram", "telegram", "{botToken: '1:a'}", "channels.telegram.webhookSecret is missing")]
    [InlineData("whatsapp", "telegram", "{botToken: '1:a', webhookSecret: 's'}", "accessToken, phoneNumberId, appSecret, verifyToken")]
    [InlineData("webhook", "telegram", "{botToken: '1:a', webhookSecret: 's'}", "telegram, slack, discord, whatsapp")]
    public async Task Setup_says_what_is_wrong_or_missing(string channel, string configured, string section, string message)
    {
        await using PlatformStandIn platform = channel == "slack" ? await SlackStandIn.StartAsync() : await TelegramStandIn.StartAsync();
        var (exitCode, output, errors) = await CommandProcess.RunAsync(
            ["channels", "setup", channel, "--url", PublicUrl],
            new Dictionary<string, string>
            {
                ["OPENCLAW__channels__" + configured] = section.Replace("$", platform.Origin, StringComparison.Ordinal),
            });

        Assert.True(exitCode == 1, output);
        Assert.Contains(message, errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Setup_needs_a_public_address()
    {
        var (exitCode, _, errors) = await CommandProcess.RunAsync(
            ["channels", "setup", "telegram"],
            new Dictionary<string, string> { ["OPENCLAW__channels__telegram"] = "{botToken: '1:a', webhookSecret: 's'}" });

        Assert.Equal(1, exitCode);
        Assert.Contains("--url", errors, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Feature", "T19")]
    public async Task A_person_who_waits_is_listed_and_approved_and_the_status_tells_of_the_channel()
    {
        await using var gateway = await TelegramGateway.StartAsync(azurite.StorageAccount);
        await gateway.SendAsync(gateway.Update("hello", from: 77));
        await gateway.WaitForMessagesAsync(1);

        var list = await AskAsync(gateway, "pairing", "list", "telegram");
        Assert.True(list.ExitCode == ExitCode.Ok, list.Errors);
        var row = list.Output.Split('\n')[1].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("77", row[1]);
        Assert.Contains(row[0], gateway.Telegram.Messages[0].Text, StringComparison.Ordinal);

        var wrong = await AskAsync(gateway, "pairing", "approve", "telegram", "WRONGCODE");
        Assert.Equal(1, wrong.ExitCode);
        Assert.Contains("404", wrong.Errors, StringComparison.Ordinal);
        var approved = await AskAsync(gateway, "pairing", "approve", "telegram", row[0].ToLowerInvariant());
        Assert.True(approved.ExitCode == ExitCode.Ok, approved.Errors);
        Assert.Contains("approved", (await gateway.WaitForMessagesAsync(2))[1].Text, StringComparison.Ordinal);
        Assert.Contains("Nobody waits", (await AskAsync(gateway, "pairing", "list", "telegram")).Output, StringComparison.Ordinal);

        var status = await AskAsync(gateway, "channels", "status");
        Assert.Matches(@"telegram +default +active +20\d\d-", status.Output);
        Assert.DoesNotContain(TelegramStandIn.Token, status.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_gateway_that_does_not_answer_or_refuses_is_told_in_words()
    {
        await using var gateway = await TelegramGateway.StartAsync(azurite.StorageAccount);
        var none = await CommandProcess.RunAsync(["channels", "status", "--url", "http://127.0.0.1:9"]);
        var refused = await CommandProcess.RunAsync(["channels", "status", "--url", gateway.Host.Url, "--token", "wrong"]);
        var foreign = await CommandProcess.RunAsync(["channels", "status", "--url", gateway.Telegram.Origin]);

        Assert.Equal((1, 1, 1), (none.ExitCode, refused.ExitCode, foreign.ExitCode));
        Assert.Contains("No gateway answers at http://127.0.0.1:9/", none.Errors, StringComparison.Ordinal);
        Assert.Contains("401", refused.Errors, StringComparison.Ordinal);
        Assert.Contains("is not a gateway", foreign.Errors, StringComparison.Ordinal);
    }

    private static Task<(int ExitCode, string Output, string Errors)> SetUpAsync(string channel, string section) =>
        CommandProcess.RunAsync(
            ["channels", "setup", channel, "--url", PublicUrl + "/"],
            new Dictionary<string, string> { ["OPENCLAW__channels__" + channel] = section });

    private static Task<(int ExitCode, string Output, string Errors)> AskAsync(TelegramGateway gateway, params string[] command) =>
        CommandProcess.RunAsync(
            [.. command],
            new Dictionary<string, string>
            {
                [EnvironmentVariables.GatewayToken] = GatewayHost.Token,
                [EnvironmentVariables.GatewayPort] = new Uri(gateway.Host.Url).Port.ToString(CultureInfo.InvariantCulture),
            });
}
