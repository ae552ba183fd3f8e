using OpenClaw.Configuration.Channels;
using OpenClaw.Tests.Support;
using Xunit;

namespace OpenClaw.Tests.Core.Configuration;

/// <summary>What the <c>channels</c> section takes, and what stops the gateway from starting.</summary>
public sealed class ChannelConfigTests
{
    public static TheoryData<string, string> Secrets { get; } = new()
    {
        { "telegram: {botToken: '1:a', webhookSecret: 's'}", "botToken webhookSecret" },
        { "slack: {botToken: 'b', signingSecret: 's'}", "botToken signingSecret" },
        { $"discord: {{token: 't', applicationId: '1', publicKey: '{new string('a', 64)}'}}", "token applicationId publicKey" },
        { "whatsapp: {accessToken: 't', phoneNumberId: 1, appSecret: 's', verifyToken: 'v'}", "accessToken phoneNumberId appSecret verifyToken" },
        { $"webhook: {{url: 'https://a.example', secret: 'whsec_{Convert.ToBase64String(new byte[32])}'}}", "url secret" },
    };

    [Theory]
    [MemberData(nameof(Secrets))]
    [Trait("Feature", "T15")]
    public void A_channel_that_is_on_needs_each_of_its_secrets(string whole, string keys)
    {
        Assert.Empty(TestConfig.Parse($"{{channels: {{{whole}}}}}").Errors);
        var id = whole.Split(':')[0];
        foreach (var key in keys.Split(' '))
        {
            foreach (var broken in new[] { Without(whole, key), Blank(whole, key, ""), Blank(whole, key, " ") })
            {
                var errors = TestConfig.Parse($"{{channels: {{{broken}}}}}").Errors;
                Assert.Contains(errors, e => e.Path == $"channels.{id}.{key}");
            }
        }

        Assert.Empty(TestConfig.Parse($"{{channels: {{{id}: {{enabled: false}}}}}}").Errors);
    }

    [Theory]
    [InlineData("allowFrom: ['@alice']", "channels.telegram.allowFrom[0]")]
    [InlineData("allowFrom: ['alice']", "channels.telegram.allowFrom[0]")]
    [InlineData("groupAllowFrom: [12, 'tg:12']", "channels.telegram.groupAllowFrom[1]")]
    [InlineData("groups: {'@team': {}}", "channels.telegram.groups[\"@team\"]")]
    [InlineData("dmPolicy: 'open', allowFrom: ['1']", "channels.telegram.dmPolicy")]
    [InlineData("webhookSecret: 'with blank'", "channels.telegram.webhookSecret")]
    [InlineData("botToken: 'no-colon'", "channels.telegram.botToken")]
    [InlineData("allowForm: [1]", "channels.telegram.allowForm")]
    [InlineData("groups: {'*': {requireMentions: true}}", "channels.telegram.groups[\"*\"].requireMentions")]
    [InlineData("webhookPath: 'no-slash'", "channels.telegram.webhookPath")]
    [Trait("Feature", "T19")]
    public void Names_of_people_and_mistakes_are_errors_that_name_the_key(string keys, string path)
    {
        var given = string.Join(", ", new[] { "botToken: '1:a'", "webhookSecret: 's'" }.Where(k => !keys.Contains(k.Split(':')[0] + ":")));
        Assert.Contains(TestConfig.Parse($"{{channels: {{telegram: {{{given}, {keys}}}}}}}").Errors, e => e.Path == path);
    }

    [Fact]
    [Trait("Feature", "T20")]
    public void Accounts_take_what_they_leave_out_from_their_channel()
    {
        var result = TestConfig.Parse("""
            {channels: {telegram: {botToken: '1:a', webhookSecret: 's', allowFrom: [7, -8], groups: {'-5': {topics: {'9': {requireMention: false}}}},
              accounts: {one: {}, two: {botToken: '2:b', webhookSecret: 't', allowFrom: []}, off: {enabled: false}}}}}
            """);
        Assert.Empty(result.Errors);
        var telegram = result.Config!.Channels.Telegram!;

        Assert.Equal(["one", "two"], telegram.EnabledAccounts().Select(a => a.Key));
        var (one, two) = ((TelegramSection)telegram.Account("one")!, (TelegramSection)telegram.Account("two")!);
        Assert.Equal(("1:a", "s", "7 -8"), (one.BotToken, one.WebhookSecret, string.Join(' ', one.AllowFrom)));
        Assert.Equal(("2:b", "t", ""), (two.BotToken, two.WebhookSecret, string.Join(' ', two.AllowFrom)));
        Assert.False(two.Groups!["-5"].Topics["9"].RequireMention);
    }

    [Theory]
    [InlineData("{gateway: {webhooks: {verifySignature: false}}}", "gateway.webhooks.verifySignature")]
    [InlineData("{gateway: {webhooks: {timeout: 5}}}", "gateway.webhooks.timeout")]
    [InlineData("{bindings: [{match: {channel: 'slack'}}]}", "bindings[0].agentId")]
    [InlineData("{session: {dmScope: 'per-person'}}", "session.dmScope")]
    [InlineData("{session: {identityLinks: {ada: ['telegram:@ada']}}}", "session.identityLinks.ada[0]")]
    [InlineData("{session: {identityLinks: {ada: ['42']}}}", "session.identityLinks.ada[0]")]
    [InlineData("{session: {identityLinks: {'a:b': ['telegram:42']}}}", "session.identityLinks[\"a:b\"]")]
    [InlineData("{hooks: {mappings: [{match: {path: 'x'}, wakeMode: 'next-heartbeat'}]}}", "hooks.mappings[0].wakeMode")]
    [InlineData("{channels: {carrierPigeon: {}}}", "channels.carrierPigeon")]
    [Trait("Feature", "F74")]
    public void What_is_wrong_around_channels_is_an_error(string config, string path) =>
        Assert.Contains(TestConfig.Parse(config).Errors, e => e.Path == path);

    [Fact]
    [Trait("Feature", "F74")]
    public void Webhooks_verify_wait_five_seconds_and_retry_unless_told_otherwise()
    {
        var defaults = TestConfig.Parse("{}").Config!.Gateway.Webhooks;
        var unsafely = TestConfig.Parse("{gateway: {webhooks: {verifySignature: false, dangerouslySkipVerification: true, retryOnFailure: false}}}");

        Assert.Equal((true, 5_000, true), (defaults.VerifySignature, defaults.Timeout, defaults.RetryOnFailure));
        Assert.Equal((false, false), (unsafely.Config!.Gateway.Webhooks.VerifySignature, unsafely.Config.Gateway.Webhooks.RetryOnFailure));
        Assert.Equal("gateway.webhooks.verifySignature", Assert.Single(unsafely.Warnings).Path);
    }

    [Fact]
    public void Channels_of_the_original_that_are_not_here_are_a_warning()
    {
        var result = TestConfig.Parse("{channels: {signal: {account: '+1'}, telegram: {enabled: false, customCommands: []}}}");

        Assert.Empty(result.Errors);
        Assert.Equal(["channels.signal", "channels.telegram.customCommands"], result.Warnings.Select(w => w.Path).Order());
    }

    private static string Without(string whole, string key) =>
        System.Text.RegularExpressions.Regex.Replace(whole, $"{key}: ('[^']*'|[0-9]+),? ?", "");

    private static string Blank(string whole, string key, string value) =>
        System.Text.RegularExpressions.Regex.Replace(whole, $"{key}: ('[^']*'|[0-9]+)", $"{key}: '{value}'");
}
