using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using OpenClaw.Configuration.Channels;
using OpenClaw.Storage;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Channels;
using Xunit;

namespace OpenClaw.Tests.Gateway.Channels.Telegram;

/// <summary>What comes in by the webhook: proof, limits, repeated and disordered updates.</summary>
[Trait("Feature", "F73")]
public sealed class TelegramWebhookTests(AzuriteFixture azurite)
{
    [Theory]
    [InlineData("/webhook/telegram")]
    [InlineData("/telegram-webhook")]
    public async Task A_message_is_answered_in_its_chat_as_html(string path)
    {
        await using var gateway = await TelegramGateway.StartAsync(azurite.StorageAccount);
        gateway.Upstream.Always(call => call.StreamTextAsync("**bold** & <plain>"));
        using var answer = await gateway.PostAsync(gateway.Update("hello").ToJsonString(), path: path);

        Assert.Equal((HttpStatusCode.OK, ""), (answer.StatusCode, await answer.Content.ReadAsStringAsync()));
        var message = (await gateway.WaitForMessagesAsync(1))[0];
        Assert.Equal((42, "bold & <plain>", "HTML"), (message.ChatId, message.Text, message.ParseMode));
        Assert.Equal(["hello"], gateway.Asked);
        var rows = await gateway.WaitForRestAsync(TelegramGateway.DirectKey());
        Assert.DoesNotContain(rows, r => r.RowKey.StartsWith("out", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("the-webhook_secre")]
    [InlineData("the-webhook_secret ,the-webhook_secret")]
    [Trait("Feature", "T16")]
    public async Task A_call_without_the_secret_is_refused_unread_and_nothing_is_stored(string? secret)
    {
        await using var gateway = await TelegramGateway.StartAsync(azurite.StorageAccount);
        using var connection = await RawConnection.OpenAsync(gateway.Host.Url);
        var header = secret is null ? "" : $"{TelegramGateway.Header}: {secret}\r\n";
        await connection.SendAsync(
            $"POST /webhook/telegram HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n{header}Content-Length: 1000000000\r\n\r\n");

        Assert.Equal(401, await connection.ReadAnswerAsync()); // although no byte of the body was sent
        Assert.Equal(0, await gateway.CountRowsAsync());
        Assert.Empty(gateway.Telegram.Calls);
    }

    [Fact]
    [Trait("Feature", "T16")]
    public async Task A_body_that_is_too_large_or_too_slow_is_refused()
    {
        await using var gateway = await TelegramGateway.StartAsync(azurite.StorageAccount, c => c.Gateway.Webhooks.Timeout = 100);
        using var large = await gateway.PostAsync(new string(' ', 300_000));
        using var slow = await RawConnection.OpenAsync(gateway.Host.Url);
        var head = $"POST /webhook/telegram HTTP/1.1\r\nHost: x\r\n{TelegramGateway.Header}: {TelegramGateway.Secret}\r\n";
        await slow.SendAsync(head + "Content-Length: 100\r\n\r\n{");
        using var endless = await RawConnection.OpenAsync(gateway.Host.Url);
        await endless.SendAsync(head + "Transfer-Encoding: chunked\r\n\r\n50000\r\n" + new string('x', 0x50000) + "\r\n");

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, large.StatusCode);
        Assert.Equal(408, await slow.ReadAnswerAsync());
        Assert.Equal(413, await endless.ReadAnswerAsync());
        Assert.Equal(0, await gateway.CountRowsAsync());
    }

    [Theory]
    [InlineData("{\"update_id\":1,", "invalid_json")]
    [InlineData("[]", "invalid_type")]
    [InlineData("{\"update_id\":\"one\"}", "invalid_type")]
    [InlineData("", "invalid_json")]
    [InlineData("\u00ff{}", "invalid_text")]
    public async Task A_body_that_is_no_update_is_refused(string body, string code)
    {
        await using var gateway = await TelegramGateway.StartAsync(azurite.StorageAccount);
        using var answer = await TelegramGateway.PostAsync(gateway.Host.Client, Encoding.Latin1.GetBytes(body));

        Assert.Equal((HttpStatusCode.BadRequest, code), (answer.StatusCode, (await answer.ReadErrorAsync()).Code));
        Assert.Equal(0, await gateway.CountRowsAsync());
    }

    [Theory]
    [InlineData("""{"update_id":1}""")]
    [InlineData("""{"update_id":1,"my_chat_member":{"chat":{"id":42,"type":"private"}}}""")]
    [InlineData("""{"update_id":1,"message":{"message_id":1,"chat":{"id":42,"type":"private"},"from":{"id":42},"pinned_message":{}}}""")]
    [InlineData("""{"update_id":1,"message":{"message_id":1,"chat":{"id":42,"type":"private"},"from":{"id":7,"is_bot":true},"text":"x"}}""")]
    [InlineData("""{"update_id":1,"message":{"message_id":1,"chat":{"id":42,"type":"private"},"text":"without a sender"}}""")]
    [InlineData("""{"update_id":1,"channel_post":{"message_id":1,"chat":{"id":-42,"type":"channel"},"text":"without a sender"}}""")]
    [Trait("Feature", "T20")]
    public async Task An_update_that_is_of_no_interest_is_acknowledged_and_does_nothing(string body)
    {
        await using var gateway = await TelegramGateway.StartAsync(azurite.StorageAccount);
        using var answer = await gateway.PostAsync(body);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(0, await gateway.CountRowsAsync());
    }

    [Fact]
    [Trait("Feature", "T17")]
    public async Task A_repeated_update_is_one_turn_also_on_another_instance_and_written_differently()
    {
        var prefix = AzuriteFixture.UniqueName()[..12];
        await using var one = await TelegramGateway.StartAsync(azurite.StorageAccount, c => c.Storage.Prefix = prefix);
        var update = one.Update("only once");
        await one.SendAsync(update);
        await one.WaitForMessagesAsync(1);
        await one.SendAsync(update);
        await using var two = await TelegramGateway.StartAsync(azurite.StorageAccount, c =>
        {
            c.Storage.Prefix = prefix;
            c.Channels.Telegram = TelegramGateway.SectionFor(one.Telegram);
        });
        await two.SendAsync(new JsonObject(update.Reverse().Select(p => KeyValuePair.Create(p.Key, p.Value?.DeepClone()))));
        await two.WaitForRestAsync(TelegramGateway.DirectKey());

        Assert.Single(one.Telegram.Messages);
        Assert.Equal(["only once"], one.Asked.Concat(two.Asked));
    }

    [Fact]
    [Trait("Feature", "T18")]
    [Trait("Feature", "T20")]
    public async Task Accounts_are_told_apart_by_their_secrets_and_have_their_own_events()
    {
        await using var gateway = await TelegramGateway.StartAsync(azurite.StorageAccount, c =>
        {
            var first = c.Channels.Telegram!;
            var second = new TelegramSection
            {
                BotToken = first.BotToken,
                WebhookSecret = "another-secret",
                ApiRoot = first.ApiRoot,
                AllowFrom = first.AllowFrom,
            };
            first.Accounts = new Dictionary<string, ChannelSection> { ["one"] = Copy(first), ["two"] = second };
        });
        var update = gateway.Update("for both", id: 5).ToJsonString();
        using var one = await gateway.PostAsync(update);
        using var two = await gateway.PostAsync(update, "another-secret");
        using var none = await gateway.PostAsync(update, "a-third-secret");
        await gateway.WaitForMessagesAsync(2);

        Assert.Equal(
            (HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.Unauthorized), (one.StatusCode, two.StatusCode, none.StatusCode));
        Assert.Equal(["for both", "for both"], gateway.Asked);

        static TelegramSection Copy(TelegramSection of) => new()
        {
            BotToken = of.BotToken,
            WebhookSecret = of.WebhookSecret,
            ApiRoot = of.ApiRoot,
            AllowFrom = of.AllowFrom,
        };
    }

    [Fact]
    [Trait("Feature", "T20")]
    public async Task A_secret_that_two_accounts_share_lets_nobody_in()
    {
        await using var gateway = await TelegramGateway.StartAsync(azurite.StorageAccount, c =>
            c.Channels.Telegram!.Accounts = new Dictionary<string, ChannelSection>
            {
                ["one"] = c.Channels.Telegram,
                ["two"] = c.Channels.Telegram,
            });
        using var answer = await gateway.PostAsync(gateway.Update("whose?").ToJsonString());

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Theory]
    [InlineData(false, HttpStatusCode.NotFound)]
    [InlineData(true, HttpStatusCode.ServiceUnavailable)]
    [Trait("Feature", "T15")]
    public async Task A_channel_that_is_off_or_has_no_secret_takes_nothing(bool isEnabled, HttpStatusCode status)
    {
        await using var gateway = await TelegramGateway.StartAsync(azurite.StorageAccount, c =>
        {
            c.Channels.Telegram!.Enabled = isEnabled;
            c.Channels.Telegram.WebhookSecret = " ";
        });
        foreach (var secret in new[] { null, "", " ", TelegramGateway.Secret })
        {
            using var answer = await gateway.PostAsync(gateway.Update("hello").ToJsonString(), secret);
            Assert.Equal(status, answer.StatusCode);
        }

        Assert.Equal(0, await gateway.CountRowsAsync());
    }

    [Fact]
    [Trait("Feature", "R5")]
    public async Task Storage_that_fails_is_503_and_the_repeated_update_is_taken()
    {
        await using var network = await FaultProxy.StartAsync(azurite.ConnectionString);
        using var storage = StorageAccount.Parse(
            network.ConnectionString, retry: new StorageRetryOptions { FirstDelay = TimeSpan.FromMilliseconds(1) });
        await using var gateway = await TelegramGateway.StartAsync(storage);
        var update = gateway.Update("again").ToJsonString();
        network.On(StorageSteps.Accept, StorageFaults.Busy(), times: 100);
        using var refused = await gateway.PostAsync(update);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "storage_unavailable"), (
            refused.StatusCode, (await refused.ReadErrorAsync()).Code));
        network.Clear();
        using var taken = await gateway.PostAsync(update);

        Assert.Equal(HttpStatusCode.OK, taken.StatusCode);
        Assert.Equal("echo again", (await gateway.WaitForMessagesAsync(1))[0].Text);
    }

    [Fact]
    [Trait("Feature", "R6")]
    public async Task A_webhook_is_acknowledged_while_the_model_works_and_other_chats_go_on()
    {
        await using var gateway = await TelegramGateway.StartAsync(azurite.StorageAccount, c => c.Channels.Telegram!.AllowFrom = ["*"]);
        var model = new TaskCompletionSource();
        gateway.Upstream.Next(async call =>
        {
            await model.Task;
            await call.StreamTextAsync("late");
        });
        await gateway.SendAsync(gateway.Update("slow"));
        await gateway.Upstream.RequestAsync(0);
        await gateway.SendAsync(gateway.Update("behind"));
        await gateway.SendAsync(gateway.Update("elsewhere", from: 77));

        Assert.Equal("echo elsewhere", (await gateway.WaitForMessagesAsync(1))[0].Text);
        model.SetResult();
        Assert.Equal(["echo elsewhere", "late", "echo behind"], (await gateway.WaitForMessagesAsync(3)).Select(m => m.Text));
    }

    [Fact]
    [Trait("Feature", "R5")]
    public async Task Updates_that_wait_in_a_chat_are_answered_in_Telegrams_order()
    {
        await using var gateway = await TelegramGateway.StartAsync(azurite.StorageAccount);
        var model = new TaskCompletionSource();
        gateway.Upstream.Next(async call =>
        {
            await model.Task;
            await call.StreamTextAsync("first");
        });
        await gateway.SendAsync(gateway.Update("1", id: 1));
        await gateway.Upstream.RequestAsync(0);
        foreach (var id in new[] { 12, 3, 2, 3 })
        {
            await gateway.SendAsync(gateway.Update($"{id}", id));
        }

        model.SetResult();
        Assert.Equal(["first", "echo 2", "echo 3", "echo 12"], (await gateway.WaitForMessagesAsync(4)).Select(m => m.Text));
    }
}
