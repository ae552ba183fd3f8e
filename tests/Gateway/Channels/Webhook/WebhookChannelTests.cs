using Microsoft.Extensions.DependencyInjection;
using OpenClaw.Configuration.Channels;
using OpenClaw.Gateway.Channels;
using OpenClaw.Gateway.Channels.Outbox;
using OpenClaw.Runs.Durable;
using OpenClaw.Sessions;
using OpenClaw.Sessions.Outbox;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Channels;
using OpenClaw.Tests.Support.Gateways;
using Xunit;

namespace OpenClaw.Tests.Gateway.Channels.Webhook;

/// <summary>Messages to a receiver of the operator's own.</summary>
[Trait("Feature", "F73")]
public sealed class WebhookChannelTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task A_message_is_signed_and_names_its_receiver()
    {
        await using var receiver = await WebhookStandIn.StartAsync();
        await using var host = await StartAsync(receiver);
        await DeliverAsync(host, "**Hello**, world");

        var message = Assert.Single(receiver.Messages);
        Assert.Equal(
            ("message", "webhook", "default", "ops", "**Hello**, world"),
            (message.Text("type"), message.Text("channel"), message.Text("account"), message.Text("to"), message.Text("text")));
        var call = Assert.Single(receiver.Calls);
        Assert.Equal("application/json", call.Headers["Content-Type"]);
        Assert.Equal("blue", call.Headers["X-Team"]);
    }

    [Theory]
    [InlineData("500")]
    [InlineData("503")]
    [InlineData("limit")]
    [InlineData("cut before")]
    [InlineData("cut after")]
    [InlineData("cut three times")]
    [Trait("Feature", "R7")]
    public async Task A_message_is_sent_again_under_the_same_id_until_it_is_taken(string fault)
    {
        await using var receiver = await WebhookStandIn.StartAsync();
        receiver.Fail("inbox", fault switch
        {
            "500" => [PlatformFault.ServerError(500)],
            "503" => [PlatformFault.ServerError(503), PlatformFault.ServerError(503)],
            "limit" => [PlatformFault.RateLimited(1)],
            "cut before" => [PlatformFault.CutBeforeAcceptance],
            "cut after" => [PlatformFault.CutAfterAcceptance],
            _ => [PlatformFault.CutAfterAcceptance, PlatformFault.CutAfterAcceptance, PlatformFault.CutBeforeAcceptance],
        });
        await using var host = await StartAsync(receiver);
        await DeliverAsync(host, "once");

        Assert.Single(receiver.Messages);
        Assert.InRange(receiver.Calls.Count, 2, 4);
        Assert.Single(receiver.Calls.Select(c => c.Headers["webhook-id"]).Distinct());
        Assert.DoesNotContain("ambiguous_delivery", host.Log, StringComparison.Ordinal); // the id tells the receiver
    }

    [Theory]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(410)]
    [InlineData(302)]
    [Trait("Feature", "R9")]
    public async Task A_refusal_or_a_redirect_is_final_and_the_next_message_is_sent(int status)
    {
        await using var other = await WebhookStandIn.StartAsync();
        await using var receiver = await WebhookStandIn.StartAsync();
        receiver.Fail("inbox", new PlatformFault(
            PlatformFaultKind.Answer, Exact: new(status, null, status == 302 ? [("Location", other.Url)] : null)));
        await using var host = await StartAsync(receiver);
        await DeliverAsync(host, "refused");
        await DeliverAsync(host, "next");

        Assert.Equal("next", Assert.Single(receiver.Messages).Text("text"));
        Assert.Equal(2, receiver.Calls.Count);
        Assert.Empty(other.Calls);
        Assert.Contains("undelivered_reply", host.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reply_that_a_version_without_lanes_stored_is_delivered()
    {
        await using var receiver = await WebhookStandIn.StartAsync();
        await using var host = await StartAsync(receiver);
        await DeliverAsync(host, "from before", lane: "");
        Assert.Equal("from before", Assert.Single(receiver.Messages).Text("text"));
    }

    [Fact]
    public async Task Nothing_comes_in_by_it()
    {
        await using var receiver = await WebhookStandIn.StartAsync();
        await using var host = await StartAsync(receiver);
        using var answer = await host.PostAsync("/webhook/webhook", "{}");

        Assert.Equal(System.Net.HttpStatusCode.NotFound, answer.StatusCode);
    }

    /// <summary>Stores a message for the channel, as whatever speaks by it does, and waits until it is delivered or given up.</summary>
    private static async Task DeliverAsync(GatewayHost host, string markdown, string? lane = null)
    {
        var (channel, account) = host.Services.GetRequiredService<ChannelList>().FindAccount("webhook", "default")!.Value;
        var partition = new SessionKey("", "main", AzuriteFixture.UniqueName()).Partition;
        var draft = host.Services.GetRequiredService<OutboxDrafts>().Of(
            channel, account, new ChatAddress("ops"), markdown, TimeProvider.System.GetUtcNow());
        await host.Services.GetRequiredService<SessionOutbox>().TryAddAsync(
            partition, "0000000000000000001~a", draft with { Lane = lane ?? draft.Lane }, _ => { }, TestContext.Current.CancellationToken);
        host.Services.GetRequiredService<IRunDispatcher>().Dispatch(partition);
        while (await host.Services.GetRequiredService<SessionOutbox>().HasRepliesAsync(partition, TestContext.Current.CancellationToken))
        {
            await Task.Yield();
        }
    }

    private Task<GatewayHost> StartAsync(WebhookStandIn receiver) => GatewayHost.StartAsync(
        azurite.StorageAccount,
        c => c.Channels.Webhook = new WebhookSection
        {
            Url = receiver.Url,
            Secret = WebhookStandIn.Secret,
            Headers = new Dictionary<string, string> { ["X-Team"] = "blue" },
        },
        s => s.AddSingleton(new DeliveryOptions { FirstPause = TimeSpan.FromMilliseconds(20), MostFailures = 6 }));
}
