using System.Text.Json;
using OpenClaw.Configuration.Channels;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Channels;
using OpenClaw.Tests.Support.Gateways;
using Xunit;

namespace OpenClaw.Tests.Gateway.Schedules;

/// <summary>Where the answers of jobs go.</summary>
public class JobDeliveryTests(AzuriteFixture azurite)
{
    private const string CronToken = "cron-token-5be2";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task The_result_goes_to_a_URL_with_the_configured_token_until_it_is_taken()
    {
        await using var internet = await FakeInternet.StartAsync();
        var taken = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var calls = 0;
        internet.Serve("results.example.com", context =>
        {
            context.Response.StatusCode = calls++ == 0 ? 500 : 200;
            if (calls == 2)
            {
                taken.TrySetResult();
            }

            return Task.CompletedTask;
        });
        await using var gateway = await HookGateway.StartAsync(
            azurite.StorageAccount, configure: config => config.Cron.WebhookToken = CronToken, services: internet.Install);
        gateway.Upstream.Always(call => call.StreamTextAsync("The ", "report"));
        var id = await AddAsync(gateway, """{"mode":"webhook","to":"https://results.example.com/cron"}""");
        var runId = (await gateway.Host.PostDataAsync($"/api/cron/{id}/run", "{}")).GetProperty("runId").GetString();
        await taken.Task.WaitAsync(Patience, TestContext.Current.CancellationToken);

        Assert.All(internet.Requests, request => Assert.Equal("Bearer " + CronToken, request.Headers["Authorization"]));
        Assert.Single(internet.Requests.Select(request => request.Headers["webhook-id"]).Distinct());
        var body = JsonElement.Parse(internet.Requests[^1].Body);
        Assert.Equal(
            ("finished", id, runId, "ok", "The report"),
            (body.GetProperty("action").GetString(), body.GetProperty("jobId").GetString(), body.GetProperty("runId").GetString(),
                body.GetProperty("status").GetString(), body.GetProperty("result").GetString()));
        Assert.DoesNotContain(CronToken, gateway.Host.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_answer_is_announced_in_a_chat()
    {
        await using var telegram = await TelegramStandIn.StartAsync();
        await using var gateway = await HookGateway.StartAsync(
            azurite.StorageAccount, configure: config => config.Channels.Telegram = new TelegramSection
            {
                BotToken = TelegramStandIn.Token,
                WebhookSecret = "secret",
                ApiRoot = telegram.Origin,
            });
        gateway.Upstream.Always(call => call.StreamTextAsync("Good ", "morning"));
        var id = await AddAsync(gateway, """{"mode":"announce","channel":"telegram","to":"-100123:topic:7"}""");
        await gateway.Host.PostDataAsync($"/api/cron/{id}/run", "{}");
        await telegram.WaitAsync(() => telegram.Messages.Count == 1);
        Assert.Equal((-100123L, 7L, "Good morning"), (telegram.Messages[0].ChatId, telegram.Messages[0].Thread, telegram.Messages[0].Text));

        var nowhere = await AddAsync(gateway, """{"mode":"announce"}"""); // nobody has written yet: the run goes on all the same
        await gateway.Host.PostDataAsync($"/api/cron/{nowhere}/run", "{}");
        await gateway.Upstream.RequestAsync(1);
    }

    [Theory]
    [InlineData("""{"mode":"webhook"}""", "delivery.to")]
    [InlineData("""{"mode":"webhook","to":"https://127.0.0.1/x"}""", "delivery.to")]
    [InlineData("""{"mode":"webhook","to":"https://user:pass@example.com/x"}""", "delivery.to")]
    [InlineData("""{"mode":"announce","channel":"nothing","to":"1"}""", "delivery.channel")]
    [InlineData("""{"mode":"announce","channel":"telegram","to":"1"}""", "delivery.channel")]
    [InlineData("""{"mode":"announce","channel":"telegram"}""", "delivery.to")]
    [InlineData("""{"mode":"announce","to":"1"}""", "delivery.channel")]
    public async Task A_delivery_that_cannot_be_is_refused_by_its_field(string delivery, string field)
    {
        await using var gateway = await HookGateway.StartAsync(azurite.StorageAccount);
        using var answer = await gateway.Host.PostAsync("/api/cron", JobWith(delivery));
        Assert.Equal(System.Net.HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(
            $"'{field}'", (await answer.ReadJsonAsync()).GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Empty((await gateway.Host.GetDataAsync("/api/cron")).GetProperty("jobs").EnumerateArray());
    }

    private static string JobWith(string delivery) =>
        """{"name":"Report","schedule":{"kind":"cron","expr":"0 4 1 1 *"},"payload":{"kind":"agentTurn","message":"Report!"},"delivery":"""
        + delivery + "}";

    private static async Task<string> AddAsync(HookGateway gateway, string delivery) =>
        (await gateway.Host.PostDataAsync("/api/cron", JobWith(delivery))).GetProperty("id").GetString()!;
}
