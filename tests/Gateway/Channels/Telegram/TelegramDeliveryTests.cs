using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using OpenClaw.Configuration.Channels;
using OpenClaw.Gateway.Channels;
using OpenClaw.Tests.Core.Media;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Channels;
using Xunit;

namespace OpenClaw.Tests.Gateway.Channels.Telegram;

/// <summary>What goes out: cut, repeated and given up as Telegram's rules ask.</summary>
[Trait("Feature", "F73")]
public sealed class TelegramDeliveryTests(AzuriteFixture azurite)
{
    private const string Send = "sendMessage";

    [Fact]
    [Trait("Feature", "R7")]
    public async Task A_long_answer_comes_in_order_and_parts_that_arrived_are_not_repeated_after_a_rate_limit()
    {
        await using var gateway = await StartAsync();
        var lines = Enumerable.Range(0, 200).Select(i => $"line {i} of a long answer that goes on and on without an end").ToList();
        gateway.Upstream.Next(call => call.StreamTextAsync("```python\n" + string.Join('\n', lines) + "\n```"));
        await gateway.SendAsync("talk");
        gateway.Telegram.MessagesPerChat = 2;
        await gateway.WaitForRestAsync(TelegramGateway.DirectKey());

        var messages = gateway.Telegram.Messages;
        Assert.InRange(messages.Count, 3, 6);
        Assert.All(messages, m => Assert.StartsWith("<pre>", m.Markup, StringComparison.Ordinal));
        Assert.Equal(lines, messages.SelectMany(m => m.Text.Split('\n')));
    }

    [Theory]
    [InlineData("limit", 1)]
    [InlineData("500", 1)]
    [InlineData("502", 1)]
    [InlineData("cut before", 1)]
    [InlineData("cut after", 2)]
    [InlineData("cut after twice", 2)]
    [Trait("Feature", "R7")]
    public async Task A_failed_delivery_is_repeated_and_doubled_at_most_once(string fault, int copies)
    {
        await using var gateway = await StartAsync();
        PlatformFault[] faults = fault switch
        {
            "limit" => [PlatformFault.RateLimited(1)],
            "500" => [PlatformFault.ServerError(500), PlatformFault.ServerError(500)],
            "502" => [PlatformFault.ServerError(502)],
            "cut before" => [PlatformFault.CutBeforeAcceptance],
            "cut after" => [PlatformFault.CutAfterAcceptance],
            _ => [PlatformFault.CutAfterAcceptance, PlatformFault.CutAfterAcceptance],
        };
        gateway.Telegram.Fail(Send, faults);
        await gateway.SendAsync("hello");
        await gateway.WaitForRestAsync(TelegramGateway.DirectKey());
        await gateway.SendAsync("next");
        await gateway.WaitForMessagesAsync(copies + 1);
        await gateway.WaitForRestAsync(TelegramGateway.DirectKey());

        Assert.Equal([.. Enumerable.Repeat("echo hello", copies), "echo next"], gateway.Telegram.Messages.Select(m => m.Text));
        var report = Assert.Single(await gateway.Host.Services.GetRequiredService<ChannelReports>().ListAsync(CancellationToken.None));
        Assert.Equal(fault.StartsWith("cut", StringComparison.Ordinal) ? 1 : 0, report.AmbiguousDeliveries);
        Assert.Equal((0, null), (report.Waiting, report.LastError));
    }

    [Theory]
    [InlineData("blocked")]
    [InlineData("missing")]
    [InlineData("poison")]
    [Trait("Feature", "R9")]
    public async Task A_reply_that_cannot_be_delivered_is_given_up_and_the_next_one_is_sent(string why)
    {
        await using var gateway = await StartAsync();
        switch (why)
        {
            case "blocked":
                gateway.Telegram.Blocked.Add(42);
                break;
            case "missing":
                gateway.Telegram.Missing.Add(42);
                break;
            default:
                gateway.Telegram.Fail(Send, [.. Enumerable.Repeat(PlatformFault.ServerError(500), 4)]);
                break;
        }

        await gateway.SendAsync("lost");
        var rows = await gateway.WaitForRestAsync(TelegramGateway.DirectKey());
        gateway.Telegram.Blocked.Clear();
        gateway.Telegram.Missing.Clear();
        await gateway.SendAsync("found");

        Assert.Equal("echo found", Assert.Single(await gateway.WaitForMessagesAsync(1)).Text);
        rows = await gateway.WaitForRestAsync(TelegramGateway.DirectKey());
        var dead = Assert.Single(rows, r => r.RowKey.StartsWith("dead~", StringComparison.Ordinal));
        Assert.DoesNotContain(TelegramStandIn.Token, dead.GetString("Reason"), StringComparison.Ordinal);
        Assert.Contains("undelivered_reply", gateway.Host.Log, StringComparison.Ordinal);
        Assert.Equal(why == "poison" ? 4 : 1, gateway.Telegram.CallsOf(Send).Count - 1);
    }

    [Fact]
    [Trait("Feature", "F74")]
    public async Task Without_retryOnFailure_a_failed_delivery_is_final()
    {
        await using var gateway = await TelegramGateway.StartAsync(
            azurite.StorageAccount, c => c.Gateway.Webhooks.RetryOnFailure = false);
        gateway.Telegram.Fail(Send, PlatformFault.ServerError(500));
        await gateway.SendAsync("lost");
        await gateway.WaitForRestAsync(TelegramGateway.DirectKey());
        await gateway.SendAsync("found");

        Assert.Equal("echo found", Assert.Single(await gateway.WaitForMessagesAsync(1)).Text);
    }

    [Fact]
    [Trait("Feature", "F74")]
    public async Task A_call_that_is_not_answered_within_the_timeout_is_given_up_and_repeated()
    {
        await using var gateway = await TelegramGateway.StartAsync(azurite.StorageAccount, c => c.Gateway.Webhooks.Timeout = 1_000);
        gateway.Telegram.Fail(Send, PlatformFault.Silent);
        await gateway.SendAsync("hello");

        Assert.Equal("echo hello", Assert.Single(await gateway.WaitForMessagesAsync(1)).Text);
        Assert.Equal(2, gateway.Telegram.CallsOf(Send).Count);
    }

    [Fact]
    public async Task Markup_that_Telegram_refuses_is_sent_again_as_plain_text()
    {
        await using var gateway = await StartAsync();
        gateway.Telegram.Fail(Send, PlatformFault.Answer(400, new JsonObject
        {
            ["ok"] = false,
            ["error_code"] = 400,
            ["description"] = "Bad Request: can't parse entities: Unsupported start tag",
        }));
        gateway.Upstream.Next(call => call.StreamTextAsync("**bold**"));
        await gateway.SendAsync("hello");

        var message = Assert.Single(await gateway.WaitForMessagesAsync(1));
        Assert.Equal(("bold", null), (message.Text, message.ParseMode));
    }

    [Fact]
    public async Task A_group_that_became_a_supergroup_is_answered_there()
    {
        await using var gateway = await StartAsync(
            s => s.Groups = new Dictionary<string, GroupSection> { ["-5"] = new() { RequireMention = false } });
        gateway.Telegram.Migrated[-5] = -1005;
        await gateway.SendAsync(gateway.Update("hello", chat: -5));

        Assert.Equal(-1005, Assert.Single(await gateway.WaitForMessagesAsync(1)).ChatId);
    }

    [Fact]
    [Trait("Feature", "T34")]
    public async Task Photos_and_documents_reach_the_model_and_nothing_shows_the_token()
    {
        await using var gateway = await StartAsync();
        gateway.Telegram.AddFile("large", "photos/file_1.png", ImageSamples.Small);
        gateway.Telegram.AddFile("notes", "documents/file_2.txt", Encoding.UTF8.GetBytes("the secret number is 7"));
        gateway.Telegram.AddFile("voice", "voice/file_3.oga", [0x4f, 0x67, 0x67, 0x53, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        await gateway.SendAsync(gateway.Update("", id: 1, change: m =>
        {
            m.Remove("text");
            m["caption"] = "what is this?";
            m["photo"] = new JsonArray(
                new JsonObject { ["file_id"] = "small", ["width"] = 1, ["height"] = 1 },
                new JsonObject { ["file_id"] = "large", ["width"] = 90, ["height"] = 90, ["file_size"] = ImageSamples.Small.Length });
        }));
        await gateway.SendAsync(gateway.Update("", id: 2, change: m =>
        {
            m.Remove("text");
            m["caption"] = "and this?";
            m["document"] = new JsonObject { ["file_id"] = "notes", ["file_name"] = "notes.txt", ["mime_type"] = "text/plain" };
        }));
        await gateway.SendAsync(gateway.Update("", id: 3, change: m =>
        {
            m.Remove("text");
            m["voice"] = new JsonObject { ["file_id"] = "voice", ["mime_type"] = "audio/ogg", ["duration"] = 1 };
        }));
        await gateway.SendAsync(gateway.Update("", id: 4, change: m =>
        {
            m["text"] = "gone";
            m["document"] = new JsonObject { ["file_id"] = "gone", ["file_name"] = "gone.txt" };
        }));
        var messages = await gateway.WaitForMessagesAsync(4);

        var prompts = gateway.Upstream.Requests.Select(r => r.Body.GetProperty("messages").EnumerateArray().Last().GetRawText()).ToList();
        Assert.StartsWith(
            "data:image/",
            gateway.Upstream.Requests[0].Body.GetProperty("messages")[0].GetProperty("content")[1].GetProperty("image_url").GetProperty(
                "url").GetString(),
            StringComparison.Ordinal);
        Assert.Contains("the secret number is 7", gateway.Upstream.Requests[1].Body.GetRawText(), StringComparison.Ordinal);
        Assert.Contains("voice.ogg", prompts[2], StringComparison.Ordinal);
        Assert.Contains("could not load the file gone.txt", messages[3].Text, StringComparison.Ordinal);
        var everything = string.Concat(gateway.Upstream.Requests.Select(r => r.Body.GetRawText())) + gateway.Host.Log;
        Assert.DoesNotContain(TelegramStandIn.Token, everything, StringComparison.Ordinal);
        Assert.DoesNotContain("file_1.png", everything, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_album_is_one_turn()
    {
        await using var gateway = await StartAsync();
        gateway.Telegram.AddFile("one", "photos/1.png", ImageSamples.Small);
        foreach (var id in new[] { 1, 2, 3 })
        {
            await gateway.SendAsync(gateway.Update("", id, m =>
            {
                m.Remove("text");
                m["media_group_id"] = "album-1";
                m["caption"] = id == 1 ? "what are these?" : null;
                m["photo"] = new JsonArray(new JsonObject { ["file_id"] = "one", ["width"] = 1, ["height"] = 1 });
            }));
        }

        await gateway.SendAsync("behind");
        await gateway.WaitForMessagesAsync(2);
        Assert.Equal(["what are these?", "behind"], gateway.Asked);
        Assert.Equal(
            3, gateway.Upstream.Requests[0].Body.GetProperty("messages")[0].GetProperty("content").EnumerateArray().Count(
                p => p.GetProperty("type").GetString() == "image_url"));
        await gateway.WaitForRestAsync(TelegramGateway.DirectKey());
        Assert.Equal(2, gateway.Telegram.Messages.Count);
    }

    [Fact]
    public async Task Files_that_the_agent_shows_are_uploaded()
    {
        await using var gateway = await StartAsync();
        var picture = await gateway.StoreFileAsync(ImageSamples.Small, "chart.png");
        var text = await gateway.StoreFileAsync("a,b"u8.ToArray(), "table.csv");
        gateway.Upstream.Next(call => call.StreamTextAsync($"Here it is\n\n![chart]({picture})\nMEDIA:{text}\n"));
        await gateway.SendAsync("draw");
        var messages = await gateway.WaitForMessagesAsync(3);

        Assert.Equal("Here it is", messages[0].Text);
        Assert.Equal(("photo", "chart.png"), (messages[1].File!.Field, messages[1].File!.FileName));
        Assert.Equal(ImageSamples.Small, messages[1].File!.Content);
        Assert.Equal(("document", "table.csv"), (messages[2].File!.Field, messages[2].File!.FileName));
    }

    [Fact]
    public async Task Typing_is_shown_again_and_again_and_a_long_answer_grows_in_one_message()
    {
        var clock = new WatchedTimeProvider(DateTimeOffset.UtcNow);
        await using var gateway = await TelegramGateway.StartAsync(
            azurite.StorageAccount, services: s => s.AddSingleton<TimeProvider>(clock));
        var (more, done) = (new TaskCompletionSource(), new TaskCompletionSource());
        gateway.Upstream.Next(async call =>
        {
            await call.StartStreamAsync();
            await call.SendDeltaAsync("It **began");
            await more.Task;
            await call.SendDeltaAsync("** well");
            await done.Task;
            await call.SendDeltaAsync(" and ended.");
            await call.FinishAsync();
        });
        await gateway.SendAsync("tell me");
        await WhileTimeGoesOnAsync(gateway, clock, gateway.Telegram.WaitAsync(
            () => gateway.Telegram.Messages.Count == 1 && gateway.Telegram.CallsOf("sendChatAction").Count >= 3));
        more.SetResult();
        await WhileTimeGoesOnAsync(gateway, clock, gateway.Telegram.WaitAsync(
            () => gateway.Telegram.Messages[0].Text == "It began well"));
        done.SetResult();
        await WhileTimeGoesOnAsync(gateway, clock, gateway.Telegram.WaitAsync(
            () => gateway.Telegram.Messages[0].Text == "It began well and ended."));

        Assert.Single(gateway.Telegram.Messages);
        Assert.Single(gateway.Telegram.CallsOf(Send));
        Assert.All(gateway.Telegram.CallsOf("sendChatAction"), call => Assert.Equal("typing", call["action"]));
    }

    private static async Task WhileTimeGoesOnAsync(TelegramGateway gateway, WatchedTimeProvider clock, Task task)
    {
        async Task<bool> DoneAsync()
        {
            await task;
            return true;
        }

        await gateway.Host.WhileTimeGoesOnAsync(DoneAsync(), clock, TimeSpan.FromMilliseconds(500));
    }

    private Task<TelegramGateway> StartAsync(Action<TelegramSection>? configure = null) =>
        TelegramGateway.StartAsync(azurite.StorageAccount, c => configure?.Invoke(c.Channels.Telegram!));
}
