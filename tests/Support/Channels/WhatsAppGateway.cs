using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using OpenClaw.Configuration;
using OpenClaw.Configuration.Channels;
using OpenClaw.Storage;

namespace OpenClaw.Tests.Support.Channels;

/// <summary>A gateway that serves a WhatsApp number.</summary>
public sealed class WhatsAppGateway : ChannelGateway
{
    /// <summary>A person who may ask.</summary>
    public const string Owner = "15550001111";

    public const string Path = "/webhook/whatsapp";

    private int _message;

    private WhatsAppGateway(WhatsAppStandIn whatsApp, ScriptedUpstream upstream, GatewayHost host)
        : base(whatsApp, upstream, host) => WhatsApp = whatsApp;

    public WhatsAppStandIn WhatsApp { get; }

    public static string DirectKey => "agent:main:whatsapp:direct:" + Owner;

    public static async Task<WhatsAppGateway> StartAsync(
        StorageAccount storage, Action<GatewayConfig>? configure = null, Action<IServiceCollection>? services = null)
    {
        var whatsApp = await WhatsAppStandIn.StartAsync();
        var (upstream, host) = await StartAsync(storage, c => c.WhatsApp = SectionFor(whatsApp), configure, services);
        return new WhatsAppGateway(whatsApp, upstream, host);
    }

    public static WhatsAppSection SectionFor(WhatsAppStandIn whatsApp) => new()
    {
        AccessToken = WhatsAppStandIn.Token,
        PhoneNumberId = WhatsAppStandIn.PhoneNumberId,
        AppSecret = WhatsAppStandIn.AppSecret,
        VerifyToken = WhatsAppStandIn.VerifyToken,
        ApiUrl = whatsApp.ApiUrl,
        AllowFrom = [Owner],
    };

    /// <summary>A text of the owner's.</summary>
    /// <param name="change">Changes the message.</param>
    public JsonObject Message(string text, Action<JsonObject>? change = null, string from = Owner)
    {
        var number = Interlocked.Increment(ref _message);
        var message = new JsonObject
        {
            ["from"] = from,
            ["id"] = string.Create(CultureInfo.InvariantCulture, $"wamid.in{number:D4}"),
            ["timestamp"] = (1_700_000_000 + number).ToString(CultureInfo.InvariantCulture),
            ["type"] = "text",
            ["text"] = new JsonObject { ["body"] = text },
        };
        change?.Invoke(message);
        return message;
    }

    /// <summary>A delivery with so many messages, each in a change of its own.</summary>
    public static JsonObject Delivery(params IEnumerable<JsonObject> messages) => new()
    {
        ["object"] = "whatsapp_business_account",
        ["entry"] = new JsonArray(new JsonObject
        {
            ["id"] = "1",
            ["changes"] = new JsonArray([.. messages.Select(m => Change(v => v["messages"] = new JsonArray(m)))]),
        }),
    };

    /// <param name="fill">Adds messages or statuses to the value.</param>
    public static JsonObject Change(Action<JsonObject> fill, string number = WhatsAppStandIn.PhoneNumberId)
    {
        var value = new JsonObject
        {
            ["messaging_product"] = "whatsapp",
            ["metadata"] = new JsonObject { ["display_phone_number"] = "15559990000", ["phone_number_id"] = number },
            ["contacts"] = new JsonArray(new JsonObject { ["profile"] = new JsonObject { ["name"] = "Ada" }, ["wa_id"] = Owner }),
        };
        fill(value);
        return new JsonObject { ["field"] = "messages", ["value"] = value };
    }

    /// <summary>Sends a delivery as Meta does, and expects an empty 200.</summary>
    public async Task SendAsync(JsonObject delivery) => await ExpectAsync(() => PostAsync(delivery.ToJsonString()), "");

    public Task SendAsync(string text) => SendAsync(Delivery(Message(text)));

    /// <param name="signature">Null is the right one; empty for none.</param>
    public async Task<HttpResponseMessage> PostAsync(string body, string? signature = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Path)
        {
            Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) { Headers = { ContentType = new("application/json") } },
        };
        if (signature != "")
        {
            request.Headers.TryAddWithoutValidation("X-Hub-Signature-256", signature ?? WhatsAppStandIn.Sign(body));
        }

        return await Host.Client.SendAsync(request);
    }

    /// <summary>Waits for so many messages of the number.</summary>
    public async Task<IReadOnlyList<WhatsAppMessage>> WaitForMessagesAsync(int count)
    {
        await WhatsApp.WaitAsync(() => WhatsApp.Messages.Count >= count);
        return WhatsApp.Messages;
    }
}
