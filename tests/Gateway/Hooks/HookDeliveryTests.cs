using System.Net;
using System.Text;
using System.Text.Json;
using OpenClaw.Configuration.Channels;
using OpenClaw.Security.Signatures;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Channels;
using OpenClaw.Tests.Support.Gateways;
using Xunit;

namespace OpenClaw.Tests.Gateway.Hooks;

/// <summary>Where the answers of hooks go: callback URLs and channels.</summary>
[Trait("Feature", "F71")]
public class HookDeliveryTests(AzuriteFixture azurite)
{
    private const string Callback = $"callbackSecret: '{HookGateway.CallbackSecret}'";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private const string TelegramSecret = "the-webhook_secret";

    [Fact]
    public async Task The_result_goes_to_the_callback_signed_and_under_one_id_until_it_is_taken()
    {
        await using var internet = await FakeInternet.StartAsync();
        var statuses = new Queue<int>([503, 429, 204]);
        var taken = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        internet.Serve("results.example.com", context =>
        {
            context.Response.StatusCode = statuses.Dequeue();
            if (statuses.Count == 0)
            {
                taken.SetResult();
            }

            return Task.CompletedTask;
        });
        await using var gateway = await HookGateway.StartAsync(azurite.StorageAccount, Callback, services: internet.Install);
        gateway.Upstream.Always(call => call.StreamTextAsync("The ", "result"));
        var runId = (
            await gateway.PostOkAsync("/hooks/agent", """{"message":"Hello","callbackUrl":"https://results.example.com/in?x=1"}"""))
            .GetProperty("runId").GetString();
        await taken.Task.WaitAsync(Patience, TestContext.Current.CancellationToken);

        Assert.Equal(3, internet.Requests.Count);
        var id = Assert.Single(internet.Requests.Select(r => r.Headers["webhook-id"]).Distinct());
        var call = internet.Requests[^1];
        Assert.Equal(("POST", "/in?x=1", "application/json"), (call.Method, call.Target, call.Headers["Content-Type"]));
        Assert.All(internet.Requests, request => Assert.NotNull(new StandardWebhook(HookGateway.CallbackSecret).Verify(
            new EventHeaders(name => request.Headers.TryGetValue(name, out var value) ? [value] : []), Encoding.UTF8.GetBytes(request.Body),
            DateTimeOffset.UtcNow)));
        var body = JsonElement.Parse(call.Body);
        Assert.Equal(
            (runId, "completed", "The result"),
            (body.GetProperty("runId").GetString(), body.GetProperty("status").GetString(), body.GetProperty("result").GetString()));
        Assert.NotEmpty(id);
    }

    [Fact]
    public async Task A_failed_run_is_called_back_as_failed_and_a_refusal_is_final()
    {
        await using var internet = await FakeInternet.StartAsync();
        var calls = new List<TaskCompletionSource> { new(), new() };
        var count = 0;
        internet.Serve("results.example.com", context =>
        {
            context.Response.StatusCode = 410;
            calls[count++].TrySetResult();
            return Task.CompletedTask;
        });
        await using var gateway = await HookGateway.StartAsync(azurite.StorageAccount, Callback, services: internet.Install);
        gateway.Upstream.NextStatus(400, """{"error":{"message":"no","type":"invalid_request_error"}}""");
        await gateway.PostOkAsync("/hooks/agent", """{"message":"one","callbackUrl":"https://results.example.com/one"}""");
        await calls[0].Task.WaitAsync(Patience, TestContext.Current.CancellationToken);
        await gateway.PostOkAsync("/hooks/agent", """{"message":"two","callbackUrl":"https://results.example.com/two"}""");
        await calls[1].Task.WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.Equal(["/one", "/two"], internet.Requests.Select(r => r.Target)); // each once
        var body = JsonElement.Parse(internet.Requests[0].Body);
        Assert.Equal("failed", body.GetProperty("status").GetString());
        Assert.NotEmpty(body.GetProperty("error").GetProperty("type").GetString()!);
    }

    [Theory]
    [InlineData("file:///etc/passwd")]
    [InlineData("not a url")]
    [InlineData("")]
    [InlineData("ftp://example.com/x")]
    [InlineData("http://example.com/x")]
    [InlineData("https://user:pass@example.com/x")]
    [InlineData("https://127.0.0.1/x")]
    [InlineData("https://[::1]/x")]
    [InlineData("https://localhost/x")]
    [InlineData("https://169.254.169.254/metadata")]
    [InlineData("https://metadata.google.internal/x")]
    public async Task A_callback_to_a_place_that_may_not_be_called_is_refused_at_once(string url)
    {
        await using var internet = await FakeInternet.StartAsync();
        await using var gateway = await HookGateway.StartAsync(
            azurite.StorageAccount, Callback + ", callbackSsrfPolicy: { allowedHostnames: ['10.1.2.3', 'intranet'] }",
                services: internet.Install);
        Assert.Equal(
            (400, "invalid_value"),
            await gateway.PostFailureAsync("/hooks/agent", $$"""{"message":"x","callbackUrl":"{{url}}"}"""));
        Assert.Empty(gateway.Asked);
        Assert.Empty(internet.Dials);
    }

    [Fact]
    [Trait("Feature", "T25")]
    public async Task A_public_name_with_a_private_address_is_never_dialled_and_a_redirect_is_not_followed()
    {
        await using var internet = await FakeInternet.StartAsync();
        internet.Resolve("private.example.com", "10.0.0.7");
        var asked = new TaskCompletionSource();
        internet.Serve("moves.example.com", context =>
        {
            context.Response.StatusCode = 307;
            context.Response.Headers.Location = "https://private.example.com/";
            asked.TrySetResult();
            return Task.CompletedTask;
        });
        await using var gateway = await HookGateway.StartAsync(azurite.StorageAccount, Callback, services: internet.Install);
        var first = (await gateway.PostOkAsync(
            "/hooks/agent", """{"message":"x","callbackUrl":"https://private.example.com/x"}""")).GetProperty("runId").GetString()!;
        await gateway.PostOkAsync("/hooks/agent", """{"message":"x","callbackUrl":"https://moves.example.com/x"}""");
        await asked.Task.WaitAsync(Patience, TestContext.Current.CancellationToken);
        await gateway.EndOfAsync(first);
        await UntilAsync(gateway, () => gateway.Host.Log.Split("undelivered_reply").Length > 2);
        Assert.DoesNotContain(internet.Dials, dial => dial.Address.ToString() == "10.0.0.7");
        Assert.DoesNotContain("private.example.com/x", gateway.Host.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_owner_may_allow_a_private_host()
    {
        await using var platform = await TelegramStandIn.StartAsync(); // any server on loopback
        var port = new Uri(platform.Origin).Port;
        await using var gateway = await HookGateway.StartAsync(
            azurite.StorageAccount, Callback + ", callbackSsrfPolicy: { allowedHostnames: ['127.0.0.1'] }");
        await gateway.PostOkAsync("/hooks/agent", $$"""{"message":"x","callbackUrl":"http://127.0.0.1:{{port}}/result"}""");
        await platform.WaitAsync(() => platform.CallsOf("result").Count == 1);
        Assert.Equal((400, "invalid_value"), await gateway.PostFailureAsync(
            "/hooks/agent", $$"""{"message":"x","callbackUrl":"http://127.0.0.2:{{port}}/result"}"""));
        Assert.Equal((400, "invalid_value"), await gateway.PostFailureAsync(
            "/hooks/agent", $$"""{"message":"x","callbackUrl":"http://localhost:{{port}}/result"}"""));
    }

    [Fact]
    public async Task The_answer_goes_to_a_chat_and_to_the_callback()
    {
        await using var telegram = await TelegramStandIn.StartAsync();
        await using var internet = await FakeInternet.StartAsync();
        var taken = new TaskCompletionSource();
        internet.Serve("results.example.com", context =>
        {
            taken.TrySetResult();
            return Task.CompletedTask;
        });
        await using var gateway = await HookGateway.StartAsync(
            azurite.StorageAccount, Callback, config => config.Channels.Telegram = SectionFor(telegram), internet.Install);
        gateway.Upstream.Always(call => call.StreamTextAsync("Good ", "news"));
        await gateway.PostOkAsync(
            "/hooks/agent", """{"message":"x","channel":"telegram","to":"42","callbackUrl":"https://results.example.com/"}""");
        await telegram.WaitAsync(() => telegram.Messages.Count == 1);
        await taken.Task.WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.Equal((42L, "Good news"), (telegram.Messages[0].ChatId, telegram.Messages[0].Text));

        var silent = (await gateway.PostOkAsync(
            "/hooks/agent", """{"message":"x","channel":"telegram","to":"42","deliver":false}""")).GetProperty("runId").GetString()!;
        await gateway.EndOfAsync(silent);
        foreach (var to in new[] { "", "a b", "42:topic:x", "@" })
        {
            Assert.Equal((400, "invalid_value"), await gateway.PostFailureAsync(
                "/hooks/agent", $$"""{"message":"x","channel":"telegram","to":"{{to}}"}"""));
        }

        Assert.Equal((400, "invalid_value"), await gateway.PostFailureAsync(
            "/hooks/agent", """{"message":"x","channel":"telegram","to":"42","accountId":"none"}"""));
        Assert.Single(telegram.Messages);
    }

    [Fact]
    [Trait("Feature", "R7")]
    public async Task A_callback_that_does_not_answer_delays_no_chat_and_those_of_one_url_come_in_order()
    {
        await using var telegram = await TelegramStandIn.StartAsync();
        await using var internet = await FakeInternet.StartAsync();
        var mayAnswer = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        internet.Serve("results.example.com", _ => mayAnswer.Task);
        await using var gateway = await HookGateway.StartAsync(
            azurite.StorageAccount, Callback + ", allowRequestSessionKey: true",
            config => config.Channels.Telegram = SectionFor(telegram), internet.Install);
        const string session = "\"sessionKey\":\"hook:one\"";
        const string callback = "\"callbackUrl\":\"https://results.example.com/in?call=";
        await gateway.PostOkAsync("/hooks/agent", "{" + session + ",\"message\":\"one\"," + callback + "1\"}");
        await gateway.PostOkAsync("/hooks/agent", "{" + session + ",\"message\":\"two\"," + callback + "2\"}");
        await gateway.PostOkAsync("/hooks/agent", "{" + session + ""","message":"three","channel":"telegram","to":"42"}""");
        await telegram.WaitAsync(() => telegram.Messages.Count == 1);
        Assert.True(internet.Requests.Count <= 1);

        mayAnswer.SetResult();
        await UntilAsync(gateway, () => internet.Requests.Count == 2);
        Assert.Equal(["/in?call=1", "/in?call=2"], internet.Requests.Select(r => r.Target));
    }

    [Fact]
    public async Task Last_is_where_the_agent_was_last_written_to()
    {
        await using var telegram = await TelegramStandIn.StartAsync();
        await using var gateway = await HookGateway.StartAsync(
            azurite.StorageAccount, "mappings: [{ match: { path: 'news' }, messageTemplate: 'News', channel: 'last', deliver: true }]",
            config => config.Channels.Telegram = SectionFor(telegram));
        Assert.Equal((400, "invalid_value"), await gateway.PostFailureAsync("/hooks/news", "{}"));
        using var written = await gateway.PostAsync(
            "/webhook/telegram",
            """{"update_id":1,"message":{"message_id":8,"date":1700000000,"from":{"id":42,"is_bot":false,"first_name":"Ada"},"chat":{"id":42,"type":"private"},"text":"hi"}}""",
            ("X-Telegram-Bot-Api-Secret-Token", TelegramSecret));
        Assert.Equal(HttpStatusCode.OK, written.StatusCode);
        await telegram.WaitAsync(() => telegram.Messages.Count == 1);
        await gateway.PostOkAsync("/hooks/news", "{}");
        await telegram.WaitAsync(() => telegram.Messages.Count == 2);
        Assert.All(telegram.Messages, message => Assert.Equal(42, message.ChatId));
    }

    [Theory]
    [InlineData("../../users/@me", 400)]
    [InlineData("1/messages?x=", 400)]
    [InlineData("user:1", 400)]
    [InlineData("channel:123", 200)]
    public async Task A_place_is_an_id_and_no_part_of_a_path(string to, int status)
    {
        await using var gateway = await HookGateway.StartAsync(
            azurite.StorageAccount, configure: config => config.Channels.Discord = new DiscordSection
            {
                Token = "token",
                ApplicationId = "1",
                PublicKey = new string('0', 64),
                ApiUrl = "http://127.0.0.1:9",
            });
        using var answer = await gateway.PostAsync("/hooks/agent", $$"""{"message":"x","channel":"discord","to":"{{to}}"}""");
        Assert.Equal(status, (int)answer.StatusCode);
    }

    private static TelegramSection SectionFor(TelegramStandIn telegram) => new()
    {
        BotToken = TelegramStandIn.Token,
        WebhookSecret = TelegramSecret,
        ApiRoot = telegram.Origin,
        AllowFrom = ["42"],
    };

    /// <summary>Each look is a request that the gateway answers.</summary>
    private static async Task UntilAsync(HookGateway gateway, Func<bool> holds)
    {
        while (!holds())
        {
            using var health = await gateway.Host.Client.GetAsync("/health", TestContext.Current.CancellationToken);
        }
    }
}
