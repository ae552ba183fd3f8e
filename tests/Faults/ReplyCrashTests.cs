using System.Net;
using OpenClaw.Sessions;
using OpenClaw.Sessions.Rows;
using OpenClaw.Storage.Tables;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Channels;
using Xunit;

namespace OpenClaw.Tests.Faults;

/// <summary>The real process is killed around the sending of a reply; another instance delivers it.</summary>
[Trait("Feature", "R7")]
public sealed class ReplyCrashTests(AzuriteFixture azurite)
{
    [Theory]
    [InlineData("before-send")]
    [InlineData("after-send")]
    public async Task Slack_shows_a_reply_once(string point)
    {
        var prefix = AzuriteFixture.UniqueName()[..12];
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var slack = await SlackStandIn.StartAsync();
        upstream.Always(call => call.StreamTextAsync("the answer"));
        var environment = SlackGateway.EnvironmentFor(slack, upstream, prefix);
        await using (var doomed = await GatewayProcess.StartAsync(azurite.ConnectionString, At(environment, point)))
        {
            var body = $$$"""
                {"type":"event_callback","team_id":"T1","event_id":"Ev1",
                "authorizations":[{"user_id":"{{{SlackStandIn.BotUserId}}}","is_bot":true}],
                "event":{"type":"message","channel":"D1","channel_type":"im","user":"{{{SlackGateway.Owner}}}",
                "text":"hello","ts":"1700000001.000100"}}
                """;
            await SendAsync(() => SlackGateway.PostAsync(
                doomed.Client, body, TimeProvider.System.GetUtcNow().ToUnixTimeSeconds()));
            await doomed.WaitForExitAsync();
        }

        Assert.Equal(point == "after-send" ? 1 : 0, slack.Messages.Count);
        await using var survivor = await GatewayProcess.StartAsync(azurite.ConnectionString, environment);
        await WaitForDeliveryAsync(prefix);

        Assert.Equal("the answer", Assert.Single(slack.Messages).Text);
        Assert.Single(upstream.Requests);
    }

    [Theory]
    [InlineData("before-send")]
    [InlineData("after-send")]
    public async Task Discord_shows_a_reply_once_also_as_a_message_in_the_channel(string point)
    {
        var prefix = AzuriteFixture.UniqueName()[..12];
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var discord = await DiscordStandIn.StartAsync();
        upstream.Always(call => call.StreamTextAsync("the answer"));
        discord.Defer("over", "5");
        discord.Expire("over");
        var environment = DiscordGateway.EnvironmentFor(discord, upstream, prefix);
        await using (var doomed = await GatewayProcess.StartAsync(azurite.ConnectionString, At(environment, point)))
        {
            await SendAsync(() => DiscordGateway.PostAsync(doomed.Client, $$$"""
                {"id":"7","application_id":"{{{DiscordStandIn.ApplicationId}}}","type":2,"token":"over","channel_id":"5",
                "user":{"id":"{{{DiscordGateway.Owner}}}"},
                "data":{"name":"ask","type":1,"options":[{"name":"message","type":3,"value":"hello"}]}}
                """));
            await doomed.WaitForExitAsync();
        }

        Assert.Equal(point == "after-send" ? 1 : 0, discord.Messages.Count);
        await using var survivor = await GatewayProcess.StartAsync(azurite.ConnectionString, environment);
        await WaitForDeliveryAsync(prefix);

        Assert.Equal("the answer", Assert.Single(discord.Messages).Content);
        Assert.Single(upstream.Requests);
    }

    /// <summary>Calls the webhook until it is taken, or the process has died of what it took. A new process on a busy machine may need
    /// longer than a platform waits.</summary>
    private static async Task SendAsync(Func<Task<HttpResponseMessage>> call)
    {
        try
        {
            HttpStatusCode status;
            do
            {
                using var answer = await call();
                status = answer.StatusCode;
            }
            while (status == HttpStatusCode.ServiceUnavailable);

            Assert.Equal(HttpStatusCode.OK, status);
        }
        catch (HttpRequestException)
        {
            // It was killed before its answer was out.
        }
    }

    private async Task WaitForDeliveryAsync(string prefix)
    {
        var table = azurite.StorageAccount.Table(prefix + SessionStore.TableName);
        for (var waits = true; waits;)
        {
            waits = false;
            await foreach (var row in table.QueryAsync(new TableQuery(), TestContext.Current.CancellationToken))
            {
                waits |= OutboxRow.IsKey(row.RowKey);
            }
        }
    }

    private static Dictionary<string, string> At(Dictionary<string, string> environment, string point) =>
        new(environment) { ["OPENCLAW_CRASH_AT"] = point };
}
