using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Channels;
using Xunit;

namespace OpenClaw.Tests.Gateway.Channels.Slack;

/// <summary>What comes in from Slack: proof, kinds of calls, repeated and disordered events.</summary>
[Trait("Feature", "F73")]
public sealed class SlackWebhookTests(AzuriteFixture azurite)
{
    private const string UrlVerification =
        """{"token":"t","challenge":"3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P","type":"url_verification"}""";

    /// <summary>From Slack's documentation, "Verifying requests from Slack".</summary>
    private const string PublishedBody =
        "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar"
        + "&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J"
        + "%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c";

    private const string PublishedSignature = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503";

    private const long PublishedTime = 1531420618;

    private static readonly string[] OtherCalls =
    [
        """{"type":"event_callback","event":{"type":"channel_created","channel":{"id":"C2"}}}""",
        """{"type":"event_callback","event":{"type":"user_change","user":{"id":"U1"}}}""",
        """{"type":"app_rate_limited","team_id":"T1"}""",
        """{}""",
    ];

    [Fact]
    public async Task The_published_example_of_a_signature_is_taken_and_answered_with_the_help()
    {
        await using var slack = await SlackGateway.StartAsync(
            azurite.StorageAccount,
            c => (c.Channels.Slack!.AllowFrom, c.Channels.Slack.Groups) = (["U2CERLKJA"], null),
            s => s.AddSingleton<TimeProvider>(new FakeTimeProvider(DateTimeOffset.FromUnixTimeSeconds(PublishedTime + 300))));
        slack.Timestamp = PublishedTime;
        slack.Slack.Refusing["G8PSS9T3V"] = "account_inactive"; // the response URL of the example is Slack's own
        using var answer = await slack.PostAsync(
            PublishedBody, h => Sign(h, PublishedSignature), type: "application/x-www-form-urlencoded");
        await slack.Slack.WaitAsync(() => slack.Slack.CallsOf("chat.postMessage").Count == 1);

        Assert.Equal((HttpStatusCode.OK, ""), (answer.StatusCode, await answer.Content.ReadAsStringAsync()));
        Assert.Contains("/help", slack.Slack.CallsOf("chat.postMessage")[0]["text"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/webhook/slack")]
    [InlineData("/slack/events")]
    public async Task The_challenge_of_a_new_address_is_answered_when_it_is_signed(string path)
    {
        await using var slack = await SlackGateway.StartAsync(azurite.StorageAccount);
        using var answer = await slack.PostAsync(UrlVerification, path: path);
        using var refused = await slack.PostAsync(UrlVerification, h => Sign(h, "v0=" + new string('0', 64)), path: path);

        Assert.Equal(
            "3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P", (await answer.ReadJsonAsync()).GetProperty("challenge").GetString());
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.Equal(0, await slack.CountRowsAsync());
    }

    [Fact]
    [Trait("Feature", "T16")]
    public async Task A_signature_that_is_wrong_in_any_way_is_refused_and_nothing_is_stored()
    {
        await using var slack = await SlackGateway.StartAsync(azurite.StorageAccount);
        var body = slack.Event("hello").ToJsonString();
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        slack.Timestamp = now;
        var good = SlackStandIn.Sign(body, now);
        string[][] wrong =
        [
            [], [""], [good.ToUpperInvariant()], ["v0=" + good[3..].ToUpperInvariant()], ["v1=" + good[3..]], [good[3..]],
            [good[..^1]], [good, good], [$"{good},{good}"], [SlackStandIn.Sign(body + " ", now)], [SlackStandIn.Sign(body, now, "another")],
        ];
        foreach (var signatures in wrong)
        {
            using var answer = await slack.PostAsync(body, h => Sign(h, signatures));
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        }

        Assert.Equal(0, await slack.CountRowsAsync());
    }

    [Theory]
    [InlineData(-301, HttpStatusCode.Unauthorized)]
    [InlineData(-300, HttpStatusCode.OK)]
    [InlineData(300, HttpStatusCode.OK)]
    [InlineData(301, HttpStatusCode.Unauthorized)]
    [Trait("Feature", "T17")]
    public async Task A_signature_holds_for_300_seconds_in_both_directions(int age, HttpStatusCode status)
    {
        var now = DateTimeOffset.FromUnixTimeSeconds(1_800_000_000);
        await using var slack = await SlackGateway.StartAsync(
            azurite.StorageAccount, services: s => s.AddSingleton<TimeProvider>(new FakeTimeProvider(now)));
        slack.Timestamp = now.ToUnixTimeSeconds() + age;
        using var answer = await slack.PostAsync(UrlVerification);

        Assert.Equal(status, answer.StatusCode);
    }

    [Theory]
    [InlineData("")]
    [InlineData("1700000000.5")]
    [InlineData("-1700000000")]
    [InlineData("0x6553f100")]
    public async Task A_timestamp_that_is_no_number_of_seconds_is_refused(string timestamp)
    {
        await using var slack = await SlackGateway.StartAsync(azurite.StorageAccount);
        using var answer = await slack.PostAsync(UrlVerification, h =>
        {
            h.Remove("X-Slack-Request-Timestamp");
            h.TryAddWithoutValidation("X-Slack-Request-Timestamp", timestamp);
        });

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Fact]
    [Trait("Feature", "T17")]
    public async Task One_mention_that_comes_as_two_events_and_again_is_one_turn()
    {
        await using var slack = await SlackGateway.StartAsync(azurite.StorageAccount);
        var mention = slack.Mention($"<@{SlackStandIn.BotUserId}> once");
        var ts = mention["event"]!["ts"]!.GetValue<string>();
        var message = slack.Event($"<@{SlackStandIn.BotUserId}> once", e =>
            (e["channel"], e["channel_type"], e["ts"], e["event_ts"]) = ("C1", "channel", ts, ts));
        await slack.SendAsync(message);
        await slack.SendAsync(mention);
        using var retry = await slack.PostAsync(mention.ToJsonString(), h =>
        {
            h.Add("X-Slack-Retry-Num", "1");
            h.Add("X-Slack-Retry-Reason", "http_timeout");
        });
        await slack.SendAsync(slack.Mention("again", e => e["user"] = SlackGateway.Owner));
        await slack.WaitForMessagesAsync(2);

        Assert.Equal(HttpStatusCode.OK, retry.StatusCode);
        Assert.Equal(["once", "again"], slack.Asked.Select(LastLine));
    }

    [Fact]
    public async Task A_repeat_whose_first_copy_was_lost_is_taken()
    {
        await using var slack = await SlackGateway.StartAsync(azurite.StorageAccount);
        using var answer = await slack.PostAsync(slack.Event("hello").ToJsonString(), h => h.Add("X-Slack-Retry-Num", "3"));

        Assert.Equal("echo hello", (await slack.WaitForMessagesAsync(1))[0].Text);
    }

    [Fact]
    public async Task What_nobody_wrote_to_the_app_is_acknowledged_and_does_nothing()
    {
        await using var slack = await SlackGateway.StartAsync(azurite.StorageAccount);
        JsonObject[] ignored =
        [
            slack.Event("mine", e => e["user"] = SlackStandIn.BotUserId),
            slack.Event("of a bot", e => e["bot_id"] = "B1"),
            slack.Event("of a bot", e => e["subtype"] = "bot_message"),
            slack.Event("edited", e => e["subtype"] = "message_changed"),
            slack.Event("joined", e => e["subtype"] = "channel_join"),
            slack.Event("nobody", e => e.Remove("user")),
            slack.Event("not to the app", e => (e["channel"], e["channel_type"]) = ("C1", "channel")),
            slack.Mention("in a channel that is not listed", e => e["channel"] = "C9"),
            slack.Mention("of a stranger", e => e["user"] = "U0STRANGER"),
        ];
        foreach (var body in ignored.Select(i => i.ToJsonString()).Concat(OtherCalls))
        {
            using var answer = await slack.PostAsync(body);
            Assert.Equal((HttpStatusCode.OK, ""), (answer.StatusCode, await answer.Content.ReadAsStringAsync()));
        }

        Assert.Equal(0, await slack.CountRowsAsync());
    }

    [Theory]
    [InlineData("[]", "application/json")]
    [InlineData("{\"type\":", "application/json")]
    [InlineData("a=b", "application/x-www-form-urlencoded")]
    [InlineData("payload=%7B", "application/x-www-form-urlencoded")]
    public async Task A_body_that_is_none_of_the_three_kinds_is_refused(string body, string type)
    {
        await using var slack = await SlackGateway.StartAsync(azurite.StorageAccount);
        using var answer = await slack.PostAsync(body, type: type);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        await answer.ReadErrorAsync();
    }

    [Fact]
    [Trait("Feature", "R5")]
    public async Task Events_that_wait_in_a_chat_are_answered_in_the_order_of_their_timestamps()
    {
        await using var slack = await SlackGateway.StartAsync(azurite.StorageAccount);
        var model = new TaskCompletionSource();
        slack.Upstream.Next(async call =>
        {
            await model.Task;
            await call.StreamTextAsync("first");
        });
        await slack.SendAsync("1");
        await slack.Upstream.RequestAsync(0);
        var waiting = Enumerable.Range(2, 3).Select(i => slack.Event($"{i}")).ToList();
        foreach (var late in new[] { waiting[2], waiting[0], waiting[1], waiting[0] })
        {
            await slack.SendAsync(late);
        }

        model.SetResult();
        Assert.Equal(["first", "echo 2", "echo 3", "echo 4"], (await slack.WaitForMessagesAsync(4)).Select(m => m.Text));
    }

    [Theory]
    [InlineData(null, HttpStatusCode.NotFound)]
    [InlineData(" ", HttpStatusCode.ServiceUnavailable)]
    [Trait("Feature", "T15")]
    public async Task A_channel_that_is_off_or_has_no_secret_takes_nothing(string? secret, HttpStatusCode status)
    {
        await using var slack = await SlackGateway.StartAsync(azurite.StorageAccount, c =>
            (c.Channels.Slack!.Enabled, c.Channels.Slack.SigningSecret) = (secret is not null, secret));
        using var answer = await slack.PostAsync(slack.Event("hello").ToJsonString());
        using var empty = await slack.PostAsync("x", h => Sign(h, SlackStandIn.Sign("x", slack.Timestamp ?? 0, " ")));

        Assert.Equal((status, status), (answer.StatusCode, empty.StatusCode));
        Assert.Equal(0, await slack.CountRowsAsync());
    }

    private static string LastLine(string text) => text.Split('\n')[^1];

    private static void Sign(System.Net.Http.Headers.HttpRequestHeaders headers, params string[] signatures)
    {
        headers.Remove("X-Slack-Signature");
        foreach (var signature in signatures)
        {
            headers.TryAddWithoutValidation("X-Slack-Signature", signature);
        }
    }
}
