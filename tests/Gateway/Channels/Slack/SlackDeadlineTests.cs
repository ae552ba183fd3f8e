using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using OpenClaw.Storage;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Channels;
using Xunit;

namespace OpenClaw.Tests.Gateway.Channels.Slack;

/// <summary>Slack waits for three seconds, whatever <c>gateway.webhooks.timeout</c> says.</summary>
public sealed class SlackDeadlineTests(AzuriteFixture azurite)
{
    [Theory]
    [InlineData(60_000, 2_500)]
    [InlineData(1_000, 1_000)]
    [Trait("Feature", "D28")]
    public async Task An_event_that_cannot_be_stored_in_time_is_503_and_taken_when_Slack_repeats_it(int timeout, int limit)
    {
        await using var network = await FaultProxy.StartAsync(azurite.ConnectionString);
        using var storage = StorageAccount.Parse(network.ConnectionString);
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var slack = await SlackGateway.StartAsync(
            storage, c => c.Gateway.Webhooks.Timeout = timeout, s => s.AddSingleton<TimeProvider>(clock));
        var (reached, gate) = (new TaskCompletionSource(), new TaskCompletionSource());
        network.On(StorageSteps.Accept, async exchange =>
        {
            reached.TrySetResult();
            await gate.Task.WaitAsync(exchange.Aborted);
        });
        var written = slack.Event("hello").ToJsonString();
        var post = slack.PostAsync(written);
        await reached.Task;
        clock.Advance(TimeSpan.FromMilliseconds(limit - 1));
        Assert.False(post.IsCompleted);
        clock.Advance(TimeSpan.FromMilliseconds(1));
        using var late = await post;
        gate.SetResult();
        using var repeated = await slack.PostAsync(written);

        Assert.Equal((HttpStatusCode.ServiceUnavailable, HttpStatusCode.OK), (late.StatusCode, repeated.StatusCode));
        Assert.Equal("echo hello", (await slack.WaitForMessagesAsync(1))[0].Text);
    }
}
