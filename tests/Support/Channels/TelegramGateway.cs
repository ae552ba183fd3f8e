using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using OpenClaw.Configuration;
using OpenClaw.Configuration.Channels;
using OpenClaw.Storage;
using Xunit;

namespace OpenClaw.Tests.Support.Channels;

/// <summary>A gateway that serves a Telegram bot.</summary>
public sealed class TelegramGateway : ChannelGateway
{
    public const string Secret = "the-webhook_secret";

    public const string Header = "X-Telegram-Bot-Api-Secret-Token";

    /// <summary>A person who may ask, and that person's chat.</summary>
    public const long Owner = 42;

    private long _update = 1000;

    private TelegramGateway(TelegramStandIn telegram, ScriptedUpstream upstream, GatewayHost host)
        : base(telegram, upstream, host) => Telegram = telegram;

    public TelegramStandIn Telegram { get; }

    public static async Task<TelegramGateway> StartAsync(
        StorageAccount storage, Action<GatewayConfig>? configure = null, Action<IServiceCollection>? services = null)
    {
        var telegram = await TelegramStandIn.StartAsync();
        var (upstream, host) = await StartAsync(
            storage,
            c => c.Telegram = SectionFor(telegram),
            c =>
            {
                c.Gateway.Webhooks.Timeout = 60_000; // a busy machine must not make a test fail
                configure?.Invoke(c);
            },
            services);
        return new TelegramGateway(telegram, upstream, host);
    }

    public static TelegramSection SectionFor(TelegramStandIn telegram) => new()
    {
        BotToken = TelegramStandIn.Token,
        WebhookSecret = Secret,
        WebhookPath = "/telegram-webhook",
        ApiRoot = telegram.Origin,
        AllowFrom = ["42"],
    };

    /// <summary>Environment variables that give a gateway process the same bot and model.</summary>
    public static Dictionary<string, string> EnvironmentFor(TelegramStandIn telegram, ScriptedUpstream upstream, string prefix) =>
        new(EnvironmentFor(
            "telegram",
            $"{{botToken: '{TelegramStandIn.Token}', webhookSecret: '{Secret}', apiRoot: '{telegram.Origin}', allowFrom: [42]}}",
            upstream, prefix))
        {
            ["OPENCLAW__gateway__webhooks__timeout"] = "60000",
        };

    /// <summary>An update with a message in the owner's own chat.</summary>
    /// <param name="change">Changes the message.</param>
    public JsonObject Update(string text, long? id = null, Action<JsonObject>? change = null, long from = Owner, long? chat = null)
    {
        var update = Message(id ?? Interlocked.Increment(ref _update), text, from, chat ?? from);
        change?.Invoke(update["message"]!.AsObject());
        return update;
    }

    public static JsonObject Message(long id, string text, long from = Owner, long chat = Owner) => new()
    {
        ["update_id"] = id,
        ["message"] = new JsonObject
        {
            ["message_id"] = id + 7,
            ["date"] = 1_700_000_000,
            ["from"] = new JsonObject { ["id"] = from, ["is_bot"] = false, ["first_name"] = "Ada", ["username"] = "ada" },
            ["chat"] = new JsonObject
            {
                ["id"] = chat,
                ["type"] = chat < 0 ? "supergroup" : "private",
                ["title"] = chat < 0 ? "Team" : null,
            },
            ["text"] = text,
        },
    };

    /// <summary>Sends an update as Telegram does, and expects 200.</summary>
    public async Task SendAsync(JsonObject update)
    {
        using var answer = await PostAsync(update.ToJsonString());
        Assert.Equal((HttpStatusCode.OK, ""), (answer.StatusCode, await answer.Content.ReadAsStringAsync()));
    }

    public Task SendAsync(string text) => SendAsync(Update(text));

    public Task<HttpResponseMessage> PostAsync(string body, string? secret = Secret, string path = "/webhook/telegram") =>
        PostAsync(Host.Client, Encoding.UTF8.GetBytes(body), secret, path);

    public static async Task<HttpResponseMessage> PostAsync(
        HttpClient client, byte[] body, string? secret = Secret, string path = "/webhook/telegram")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new ByteArrayContent(body) { Headers = { ContentType = new("application/json") } },
        };
        if (secret is not null)
        {
            request.Headers.TryAddWithoutValidation(Header, secret);
        }

        return await client.SendAsync(request);
    }

    /// <summary>Waits for so many messages of the bot.</summary>
    public async Task<IReadOnlyList<TelegramMessage>> WaitForMessagesAsync(int count)
    {
        try
        {
            await Telegram.WaitAsync(() => Telegram.Messages.Count >= count);
            return Telegram.Messages;
        }
        catch (TimeoutException)
        {
            throw new TimeoutException(
                $"{Telegram.Messages.Count} of {count} messages came; calls: {string.Join(' ', Telegram.Calls.Select(c => c.Operation))}\n"
                + Host.Log);
        }
    }

    public static string DirectKey(long sender = Owner) =>
        string.Create(CultureInfo.InvariantCulture, $"agent:main:telegram:direct:{sender}");
}
