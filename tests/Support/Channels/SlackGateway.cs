using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using OpenClaw.Configuration;
using OpenClaw.Configuration.Channels;
using OpenClaw.Storage;

namespace OpenClaw.Tests.Support.Channels;

/// <summary>A gateway that serves a Slack app.</summary>
public sealed class SlackGateway : ChannelGateway
{
    /// <summary>A person who may ask, and that person's direct chat.</summary>
    public const string Owner = "U0OWNER";

    public const string Direct = "D0OWNER";

    public const string DirectKey = "agent:main:slack:direct:" + Owner;

    private int _event;

    private SlackGateway(SlackStandIn slack, ScriptedUpstream upstream, GatewayHost host)
        : base(slack, upstream, host) => Slack = slack;

    public SlackStandIn Slack { get; }

    /// <summary>Seconds by which signatures are stamped; null is the time of now.</summary>
    public long? Timestamp { get; set; }

    public static async Task<SlackGateway> StartAsync(
        StorageAccount storage, Action<GatewayConfig>? configure = null, Action<IServiceCollection>? services = null)
    {
        var slack = await SlackStandIn.StartAsync();
        var (upstream, host) = await StartAsync(storage, c => c.Slack = SectionFor(slack), configure, services);
        return new SlackGateway(slack, upstream, host);
    }

    public static SlackSection SectionFor(SlackStandIn slack) => new()
    {
        BotToken = SlackStandIn.Token,
        SigningSecret = SlackStandIn.SigningSecret,
        WebhookPath = "/slack/events",
        ApiUrl = slack.ApiUrl,
        AllowFrom = [Owner],
        Groups = new Dictionary<string, GroupSection> { ["C1"] = new() },
    };

    /// <summary>Environment variables that give a gateway process the same app and model.</summary>
    public static Dictionary<string, string> EnvironmentFor(SlackStandIn slack, ScriptedUpstream upstream, string prefix) =>
        EnvironmentFor(
            "slack", $"{{botToken: '{SlackStandIn.Token}', signingSecret: '{SlackStandIn.SigningSecret}', apiUrl: '{slack.ApiUrl}', "
                + $"allowFrom: ['{Owner}']}}", upstream, prefix);

    /// <summary>An event with a message in the owner's direct chat.</summary>
    /// <param name="change">Changes the event within the envelope.</param>
    public JsonObject Event(string text, Action<JsonObject>? change = null)
    {
        var number = Interlocked.Increment(ref _event);
        var written = new JsonObject
        {
            ["type"] = "message",
            ["channel"] = Direct,
            ["channel_type"] = "im",
            ["user"] = Owner,
            ["text"] = text,
            ["ts"] = Ts(number),
            ["event_ts"] = Ts(number),
        };
        change?.Invoke(written);
        return new JsonObject
        {
            ["type"] = "event_callback",
            ["token"] = "old",
            ["team_id"] = SlackStandIn.TeamId,
            ["api_app_id"] = SlackStandIn.AppId,
            ["event_id"] = string.Create(CultureInfo.InvariantCulture, $"Ev{number:D6}"),
            ["event_time"] = 1_700_000_000 + number,
            ["authorizations"] = new JsonArray(new JsonObject
            {
                ["team_id"] = SlackStandIn.TeamId,
                ["user_id"] = SlackStandIn.BotUserId,
                ["is_bot"] = true,
            }),
            ["event"] = written,
        };
    }

    /// <summary>An event with a mention of the app in a channel.</summary>
    public JsonObject Mention(string text, Action<JsonObject>? change = null) => Event(text, e =>
    {
        (e["type"], e["channel"]) = ("app_mention", "C1");
        e.Remove("channel_type");
        change?.Invoke(e);
    });

    public static string Ts(int number) => string.Create(CultureInfo.InvariantCulture, $"1700000{number:D3}.000100");

    /// <summary>Sends an event as Slack does, and expects an empty 200.</summary>
    public async Task SendAsync(JsonObject envelope) => await ExpectAsync(() => PostAsync(envelope.ToJsonString()), "");

    public Task SendAsync(string text) => SendAsync(Event(text));

    /// <summary>Sends a slash command as Slack does.</summary>
    public async Task<HttpResponseMessage> CommandAsync(
        string text, string user = Owner, string channel = "C1", string? responseUrl = null, string command = "/openclaw")
    {
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["token"] = "old",
            ["team_id"] = SlackStandIn.TeamId,
            ["channel_id"] = channel,
            ["channel_name"] = "general",
            ["user_id"] = user,
            ["user_name"] = "ada",
            ["command"] = command,
            ["text"] = text,
            ["response_url"] = responseUrl ?? Slack.ResponseUrl(channel),
            ["trigger_id"] = "t" + Interlocked.Increment(ref _event),
        });
        return await PostAsync(await form.ReadAsStringAsync(), type: "application/x-www-form-urlencoded");
    }

    /// <param name="change">Changes the signed request.</param>
    public Task<HttpResponseMessage> PostAsync(
        string body, Action<HttpRequestHeaders>? change = null, string type = "application/json", string path = "/webhook/slack") =>
        PostAsync(Host.Client, body, Timestamp ?? TimeProvider.System.GetUtcNow().ToUnixTimeSeconds(), change, type, path);

    public static async Task<HttpResponseMessage> PostAsync(
        HttpClient client, string body, long timestamp, Action<HttpRequestHeaders>? change = null, string type = "application/json",
        string path = "/webhook/slack")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) { Headers = { ContentType = new(type) } },
        };
        request.Headers.Add("X-Slack-Request-Timestamp", timestamp.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add("X-Slack-Signature", SlackStandIn.Sign(body, timestamp));
        change?.Invoke(request.Headers);
        return await client.SendAsync(request);
    }

    /// <summary>Waits for so many messages of the app.</summary>
    public async Task<IReadOnlyList<SlackMessage>> WaitForMessagesAsync(int count)
    {
        await Slack.WaitAsync(() => Slack.Messages.Count >= count);
        return Slack.Messages;
    }
}
