using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Channels;
using Xunit;

namespace OpenClaw.Tests.EndToEnd;

/// <summary>The stand-ins of chat platforms, asked by the client libraries that the platforms' bots use, unmodified.</summary>
public sealed class PlatformClientTests
{
    private static readonly string Folder = Path.Combine(NodeClient.Folder, "channels");

    [Fact]
    public async Task The_stand_in_for_Telegram_serves_grammy()
    {
        await using var telegram = await TelegramStandIn.StartAsync();
        telegram.AddFile("file-1", "documents/file_1.txt", "content"u8.ToArray());
        telegram.Busy["9"] = 3;
        Assert.Equal(
            ["getMe", "sendMessage", "sendChatAction", "sendDocument", "getFile", "setWebhook", "errors", "rate-limit"],
            await RunAsync("telegram.mjs", telegram, TelegramStandIn.Token));

        Assert.Equal(["Better", "Table"], telegram.Messages.Select(m => m.Text));
        Assert.Equal(5, telegram.Messages[0].ReplyTo);
        Assert.Equal("a,b"u8, telegram.Messages[1].File!.Content);
    }

    [Fact]
    public async Task The_stand_in_for_Slack_serves_its_web_api_package()
    {
        await using var slack = await SlackStandIn.StartAsync();
        slack.Refusing["C-archived"] = "is_archived";
        slack.Busy["C-busy"] = 3;
        Assert.Equal(
            ["auth.test", "chat.postMessage", "files", "errors", "rate-limit"], await RunAsync("slack.mjs", slack, SlackStandIn.Token));

        Assert.Equal(["*Better*", "In the thread", "Table"], slack.Messages.Select(m => m.Text));
        Assert.Equal("a,b"u8, slack.Messages[2].File!.Value.Content);
    }

    [Fact]
    public async Task The_stand_in_for_Discord_serves_the_rest_package()
    {
        await using var discord = await DiscordStandIn.StartAsync();
        discord.Defer("interaction-token", "5");
        discord.Defer("over", "5");
        discord.Expire("over");
        discord.Forbidden.Add("6");
        discord.Busy["7"] = 3;
        Assert.Equal(
            ["users.me", "commands", "messages", "interaction", "errors", "rate-limit"],
            await RunAsync("discord.mjs", discord, DiscordStandIn.Token));

        Assert.Equal(["First", "Once", "Second", "File"], discord.Messages.Select(m => m.Content));
        Assert.Equal("a,b"u8, discord.Messages[3].File!.Content);
    }

    [Fact]
    public async Task Signatures_of_the_stand_ins_are_those_that_the_platforms_verify()
    {
        const string Body = """{"type":1,"text":"Straße 日本"}""";
        Assert.Equal(["slack", "discord", "tweetnacl"], await NodeClient.RunAsync(
            Folder,
            "signatures.mjs",
            new Dictionary<string, string>
            {
                ["BODY"] = Body,
                ["TIMESTAMP"] = "1700000000",
                ["SLACK_SECRET"] = SlackStandIn.SigningSecret,
                ["SLACK_SIGNATURE"] = SlackStandIn.Sign(Body, 1700000000),
                ["DISCORD_KEY"] = DiscordStandIn.PublicKey,
                ["DISCORD_SIGNATURE"] = DiscordStandIn.Sign(Body, "1700000000"),
            },
            TestContext.Current.CancellationToken));
    }

    private static Task<IReadOnlyList<string>> RunAsync(string script, PlatformStandIn platform, string token) => NodeClient.RunAsync(
        Folder,
        script,
        new Dictionary<string, string>
        {
            ["PLATFORM"] = platform.Origin,
            ["TOKEN"] = token,
            ["APPLICATION"] = DiscordStandIn.ApplicationId,
        },
        TestContext.Current.CancellationToken);
}
