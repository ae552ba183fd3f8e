using System.Net;
using System.Text.Json.Nodes;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Channels;
using Xunit;

namespace OpenClaw.Tests.Gateway.Channels.WhatsApp;

/// <summary>A number of WhatsApp's Cloud API: proof, messages and people.</summary>
[Trait("Feature", "F101")]
public sealed class WhatsAppWebhookTests(AzuriteFixture azurite)
{
    [Theory]
    [InlineData("hub.mode=subscribe&hub.verify_token=stand-in-verify-token&hub.challenge=1158201444", HttpStatusCode.OK)]
    [InlineData("hub.mode=subscribe&hub.verify_token=stand-in-verify-tokeN&hub.challenge=1", HttpStatusCode.Forbidden)]
    [InlineData("hub.mode=subscribe&hub.verify_token=&hub.challenge=1", HttpStatusCode.Forbidden)]
    [InlineData("hub.mode=subscribe&hub.challenge=1", HttpStatusCode.Forbidden)]
    [InlineData("hub.mode=unsubscribe&hub.verify_token=stand-in-verify-token&hub.challenge=1", HttpStatusCode.Forbidden)]
    [InlineData("hub.verify_token=stand-in-verify-token&hub.challenge=1", HttpStatusCode.Forbidden)]
    [InlineData("hub.mode=subscribe&hub.verify_token=stand-in-verify-token", HttpStatusCode.Forbidden)]
    [InlineData("", HttpStatusCode.Forbidden)]
    public async Task The_challenge_is_answered_to_who_knows_the_verify_token(string query, HttpStatusCode status)
    {
        await using var gateway = await WhatsAppGateway.StartAsync(azurite.StorageAccount);
        using var answer = await gateway.Host.Client.GetAsync($"{WhatsAppGateway.Path}?{query}");

        Assert.Equal(status, answer.StatusCode);
        if (status == HttpStatusCode.OK)
        {
            Assert.Equal("text/plain", answer.Content.Headers.ContentType?.MediaType);
            Assert.Equal("1158201444", await answer.Content.ReadAsStringAsync());
        }
    }

    [Fact]
    [Trait("Feature", "T16")]
    public async Task A_signature_that_is_wrong_in_any_way_is_refused_and_nothing_is_stored()
    {
        await using var gateway = await WhatsAppGateway.StartAsync(azurite.StorageAccount);
        var body = WhatsAppGateway.Delivery(gateway.Message("hello")).ToJsonString();
        var good = WhatsAppStandIn.Sign(body);
        string[] wrong =
        [
            "", good[7..], "sha1=" + good[7..], good.ToUpperInvariant(), good[..^2], good + "00",
            WhatsAppStandIn.Sign(body + " "), WhatsAppStandIn.Sign(body, "another"), WhatsAppStandIn.Sign(body, ""),
        ];
        foreach (var signature in wrong)
        {
            using var answer = await gateway.PostAsync(body, signature);
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        }

        Assert.Equal(0, await gateway.CountRowsAsync());
    }

    [Fact]
    [Trait("Feature", "R5")]
    public async Task All_messages_of_a_delivery_are_answered_in_order_and_once()
    {
        await using var gateway = await WhatsAppGateway.StartAsync(azurite.StorageAccount);
        var delivery = WhatsAppGateway.Delivery(Enumerable.Range(0, 5).Select(i => gateway.Message($"message {i}")));
        await gateway.SendAsync(delivery);
        await gateway.SendAsync(delivery);
        await gateway.WaitForRestAsync(WhatsAppGateway.DirectKey);
        await gateway.SendAsync(delivery);
        await gateway.SendAsync("last");
        var messages = await gateway.WaitForMessagesAsync(6);

        Assert.Equal([.. Enumerable.Range(0, 5).Select(i => $"echo message {i}"), "echo last"], messages.Select(m => m.Text));
        Assert.All(messages, m => Assert.Equal((WhatsAppGateway.Owner, null), (m.To, m.ReplyTo)));
    }

    [Fact]
    [Trait("Feature", "R5")]
    public async Task What_waits_is_answered_in_the_order_of_the_platforms_time()
    {
        await using var gateway = await WhatsAppGateway.StartAsync(azurite.StorageAccount);
        var release = new TaskCompletionSource();
        gateway.Upstream.Next(async call =>
        {
            await release.Task;
            await call.StreamTextAsync("first");
        });
        var messages = Enumerable.Range(0, 4).Select(i => gateway.Message($"message {i}")).ToList();
        await gateway.SendAsync(WhatsAppGateway.Delivery(messages[0]));
        await gateway.Upstream.RequestAsync(0);
        foreach (var message in messages.Skip(1).Reverse())
        {
            await gateway.SendAsync(WhatsAppGateway.Delivery(message));
        }

        release.SetResult();
        await gateway.WaitForMessagesAsync(4);
        Assert.Equal(["message 0", "message 1", "message 2", "message 3"], gateway.Asked);
    }

    [Fact]
    public async Task Statuses_messages_to_other_numbers_and_other_kinds_are_acknowledged_and_ignored()
    {
        await using var gateway = await WhatsAppGateway.StartAsync(azurite.StorageAccount);
        JsonObject[] changes =
        [
            WhatsAppGateway.Change(v => v["statuses"] = new JsonArray(new JsonObject { ["id"] = "wamid.1", ["status"] = "delivered" })),
            WhatsAppGateway.Change(v => v["messages"] = new JsonArray(gateway.Message("for another number")), "999"),
            WhatsAppGateway.Change(v => v["messages"] = new JsonArray(gateway.Message("", m =>
            {
                m.Remove("text");
                (m["type"], m["reaction"]) = ("reaction", new JsonObject { ["message_id"] = "wamid.1", ["emoji"] = "👍" });
            }))),
            WhatsAppGateway.Change(v => v["messages"] = new JsonArray(gateway.Message("in a group", m => m["group_id"] = "g1"))),
            WhatsAppGateway.Change(v => v["messages"] = new JsonArray(gateway.Message("from nobody", m => m.Remove("from")))),
        ];
        foreach (var change in changes)
        {
            await gateway.SendAsync(new JsonObject { ["entry"] = new JsonArray(new JsonObject { ["changes"] = new JsonArray(change) }) });
        }

        await gateway.SendAsync(new JsonObject
        {
            ["entry"] = new JsonArray(null, new JsonObject { ["changes"] = new JsonArray(null, null) }),
        });
        await gateway.SendAsync([]);
        Assert.Equal(0, await gateway.CountRowsAsync());
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{")]
    [InlineData("""{"entry":[{"changes":[{"field":"messages","value":{"messages":{}}}]}]}""")]
    public async Task A_signed_body_that_is_malformed_is_refused(string body)
    {
        await using var gateway = await WhatsAppGateway.StartAsync(azurite.StorageAccount);
        using var answer = await gateway.PostAsync(body);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    [Trait("Feature", "T19")]
    public async Task A_stranger_gets_a_code_and_is_approved_by_it()
    {
        await using var gateway = await WhatsAppGateway.StartAsync(azurite.StorageAccount);
        var hello = WhatsAppGateway.Delivery(gateway.Message("hello", from: "15550003333"));
        await gateway.SendAsync(hello);
        await gateway.SendAsync(hello);
        var code = (await gateway.WaitForMessagesAsync(1))[0];
        Assert.Equal("15550003333", code.To);
        var approval = new JsonObject { ["action"] = "approve", ["code"] = code.Text.Split('*')[1] };
        using var answer = await gateway.Host.PostAsync("/api/v1/channels/whatsapp/pairing", approval.ToJsonString());
        answer.EnsureSuccessStatusCode();
        await gateway.SendAsync(WhatsAppGateway.Delivery(gateway.Message("and now?", from: "15550003333")));

        var messages = await gateway.WaitForMessagesAsync(3);
        Assert.Equal("echo and now?", messages[2].Text);
        Assert.Equal(["and now?"], gateway.Asked);
    }

    [Theory]
    [InlineData("+15550001111", "15550001111")]
    [InlineData("15550001111", "15550001111")]
    [InlineData("*", "*")]
    [InlineData("@ada", null)]
    [InlineData("+1 555 000 1111", null)]
    public void Numbers_of_allowFrom_are_read_with_and_without_their_plus(string written, string? read)
    {
        var result = TestConfig.Parse($$"""
            { channels: { whatsapp: {
              accessToken: "a", phoneNumberId: "1", appSecret: "s", verifyToken: "v", allowFrom: ["{{written}}"], dmPolicy: "allowlist"
            } } }
            """);

        Assert.Equal(read, result.Config?.Channels.WhatsApp!.AllowFrom[0]);
    }
}
