using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using OpenClaw.Tests.Core.Media;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Channels;
using Xunit;

namespace OpenClaw.Tests.Gateway.Channels.Slack;

/// <summary>Replies on Slack: parts, limits of rate, failures, and messages whose fate is unknown.</summary>
[Trait("Feature", "F73")]
public sealed class SlackReplyTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task A_long_answer_comes_in_parts_with_closed_fences()
    {
        await using var slack = await SlackGateway.StartAsync(azurite.StorageAccount);
        var code = string.Join('\n', Enumerable.Range(0, 1500).Select(i => $"line {i} of a long program"));
        slack.Upstream.Always(call => call.StreamTextAsync($"Here:\n\n```python\n{code}\n```\n\nDone."));
        await slack.SendAsync("write");
        await slack.WaitForRestAsync(SlackGateway.DirectKey);

        var messages = slack.Slack.Messages;
        Assert.InRange(messages.Count, 5, 6);
        Assert.All(messages, m => Assert.InRange(m.Text.Length, 1, 8000));
        Assert.All(messages, m => Assert.Equal(3, m.Text.Split("```").Length));
        Assert.Equal(
            code.Split('\n'), messages.SelectMany(m => m.Text.Split('\n')).Where(l => l.StartsWith("line", StringComparison.Ordinal)));
    }

    [Fact]
    [Trait("Feature", "R7")]
    public async Task A_message_whose_answer_was_lost_is_found_and_not_sent_again()
    {
        await using var slack = await SlackGateway.StartAsync(azurite.StorageAccount);
        slack.Slack.Fail("chat.postMessage", PlatformFault.CutAfterAcceptance);
        await slack.SendAsync("once");
        await slack.SendAsync(slack.Mention("in a thread", e => e["thread_ts"] = "1699999999.000001"));
        slack.Slack.Fail("chat.postMessage", PlatformFault.CutAfterAcceptance);
        await slack.WaitForRestAsync(SlackGateway.DirectKey);
        await slack.WaitForRestAsync("agent:main:slack:channel:C1:thread:1699999999.000001");

        Assert.Equal(2, slack.Slack.Messages.Count);
        Assert.NotEmpty(slack.Slack.CallsOf("conversations.history"));
    }

    [Fact]
    [Trait("Feature", "R7")]
    public async Task A_message_that_did_not_arrive_is_sent_again()
    {
        await using var slack = await SlackGateway.StartAsync(azurite.StorageAccount);
        slack.Slack.Fail("chat.postMessage", PlatformFault.CutBeforeAcceptance, PlatformFault.ServerError(503));
        slack.Slack.Fail("conversations.history", PlatformFault.RateLimited(0));
        await slack.SendAsync("hello");
        await slack.WaitForRestAsync(SlackGateway.DirectKey);

        Assert.Equal("echo hello", Assert.Single(slack.Slack.Messages).Text);
        Assert.Equal(3, slack.Slack.CallsOf("chat.postMessage").Count);
    }

    [Fact]
    public async Task A_pause_that_Slack_asks_for_is_kept_and_parts_that_arrived_are_not_repeated()
    {
        await using var slack = await SlackGateway.StartAsync(azurite.StorageAccount, c => c.Channels.Slack!.TextChunkLimit = 100);
        slack.Upstream.Always(call => call.StreamTextAsync(
            string.Join("\n\n", Enumerable.Range(0, 4).Select(i => new string((char)('a' + i), 80)))));
        slack.Slack.Fail("chat.postMessage", PlatformFault.RateLimited(1));
        await slack.SendAsync("hello");
        await slack.Slack.WaitAsync(() => slack.Slack.Messages.Count == 1);
        slack.Slack.Fail(
            "chat.postMessage", PlatformFault.Answer(200, new JsonObject { ["ok"] = false, ["error"] = "internal_error" }));
        await slack.WaitForRestAsync(SlackGateway.DirectKey);

        Assert.Equal("abcd", string.Concat(slack.Slack.Messages.Select(m => m.Text[0])));
    }

    [Theory]
    [InlineData("is_archived")]
    [InlineData("channel_not_found")]
    [InlineData("account_inactive")]
    public async Task A_refusal_is_final_and_the_next_message_is_served(string error)
    {
        await using var slack = await SlackGateway.StartAsync(azurite.StorageAccount);
        slack.Slack.Fail("chat.postMessage", PlatformFault.Answer(200, new JsonObject { ["ok"] = false, ["error"] = error }));
        await slack.SendAsync("lost");
        await slack.WaitForRestAsync(SlackGateway.DirectKey);
        await slack.SendAsync("served");
        await slack.WaitForRestAsync(SlackGateway.DirectKey);

        Assert.Equal("echo served", Assert.Single(slack.Slack.Messages).Text);
        Assert.Contains(error, slack.Host.Log, StringComparison.Ordinal);
        Assert.DoesNotContain(SlackStandIn.Token, slack.Host.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_growing_answer_is_shown_in_one_message_that_becomes_the_answer()
    {
        var clock = new WatchedTimeProvider(TimeProvider.System.GetUtcNow());
        await using var slack = await SlackGateway.StartAsync(
            azurite.StorageAccount, c => c.Gateway.Webhooks.Timeout = 60_000, s => s.AddSingleton<TimeProvider>(clock));
        var (begun, shown) = (new TaskCompletionSource(), new TaskCompletionSource());
        slack.Upstream.Next(async call =>
        {
            await call.StartStreamAsync();
            await call.SendDeltaAsync("It grows");
            begun.SetResult();
            await shown.Task;
            await call.SendDeltaAsync(" and ends.");
            await call.FinishAsync();
        });
        await slack.SendAsync("hello");
        await begun.Task;
        await slack.Host.WhileTimeGoesOnAsync(
            slack.Slack.WaitAsync(() => slack.Slack.Messages.Count == 1).ContinueWith(_ => true), clock, TimeSpan.FromSeconds(1));
        Assert.Equal("It grows", slack.Slack.Messages[0].Text);
        shown.SetResult();
        await slack.Host.WhileTimeGoesOnAsync(slack.WaitForRestAsync(SlackGateway.DirectKey), clock, TimeSpan.FromSeconds(1));

        Assert.Equal("It grows and ends.", Assert.Single(slack.Slack.Messages).Text);
    }

    [Fact]
    public async Task A_file_of_the_gateway_is_uploaded_and_one_that_is_gone_is_told()
    {
        await using var slack = await SlackGateway.StartAsync(azurite.StorageAccount);
        var address = await slack.StoreFileAsync(ImageSamples.Small, "chart.png");
        slack.Upstream.Always(call => call.StreamTextAsync($"Here:\n\n![chart]({address})\n\nMEDIA:/media/media_{new string('0', 24)}"));
        slack.Slack.Fail("files.getUploadURLExternal", PlatformFault.ServerError(500));
        slack.Slack.Fail("files.completeUploadExternal", PlatformFault.CutAfterAcceptance);
        await slack.SendAsync("draw");
        await slack.WaitForRestAsync(SlackGateway.DirectKey);

        var file = Assert.Single(slack.Slack.Messages, m => m.File is not null).File!.Value;
        Assert.Equal(ImageSamples.Small, file.Content);
        Assert.EndsWith(".png", file.Name, StringComparison.Ordinal);
        Assert.DoesNotContain(slack.Slack.Messages, m => m.Text.Contains("/media/", StringComparison.Ordinal));
    }
}
