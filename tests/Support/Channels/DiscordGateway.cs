using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using OpenClaw.Configuration;
using OpenClaw.Configuration.Channels;
using OpenClaw.Storage;

namespace OpenClaw.Tests.Support.Channels;

/// <summary>A gateway that serves a Discord application.</summary>
public sealed class DiscordGateway : ChannelGateway
{
    /// <summary>A person who may ask, and that person's direct chat.</summary>
    public const string Owner = "80351110224678912";

    public const string Direct = "319674150115610528";

    public const string DirectKey = "agent:main:discord:direct:" + Owner;

    private long _id = 846462639134605312;

    private DiscordGateway(DiscordStandIn discord, ScriptedUpstream upstream, GatewayHost host)
        : base(discord, upstream, host) => Discord = discord;

    public DiscordStandIn Discord { get; }

    public static async Task<DiscordGateway> StartAsync(
        StorageAccount storage, Action<GatewayConfig>? configure = null, Action<IServiceCollection>? services = null)
    {
        var discord = await DiscordStandIn.StartAsync();
        var (upstream, host) = await StartAsync(storage, c => c.Discord = SectionFor(discord), configure, services);
        return new DiscordGateway(discord, upstream, host);
    }

    public static DiscordSection SectionFor(DiscordStandIn discord) => new()
    {
        Token = DiscordStandIn.Token,
        ApplicationId = DiscordStandIn.ApplicationId,
        PublicKey = DiscordStandIn.PublicKey,
        ApiUrl = discord.ApiUrl,
        AllowFrom = [Owner],
        Groups = new Dictionary<string, GroupSection> { ["900"] = new() },
    };

    /// <summary>Environment variables that give a gateway process the same application and model.</summary>
    public static Dictionary<string, string> EnvironmentFor(DiscordStandIn discord, ScriptedUpstream upstream, string prefix) =>
        EnvironmentFor(
            "discord", $"{{token: '{DiscordStandIn.Token}', applicationId: '{DiscordStandIn.ApplicationId}', "
                + $"publicKey: '{DiscordStandIn.PublicKey}', apiUrl: '{discord.ApiUrl}', allowFrom: ['{Owner}']}}", upstream, prefix);

    /// <summary>A use of <c>/ask</c> in the owner's direct chat.</summary>
    /// <param name="change">Changes the interaction.</param>
    public JsonObject Ask(string text, Action<JsonObject>? change = null)
    {
        var id = Interlocked.Increment(ref _id).ToString(CultureInfo.InvariantCulture);
        var interaction = new JsonObject
        {
            ["id"] = id,
            ["application_id"] = DiscordStandIn.ApplicationId,
            ["type"] = 2,
            ["token"] = "token-" + id,
            ["version"] = 1,
            ["channel_id"] = Direct,
            ["channel"] = new JsonObject { ["id"] = Direct, ["type"] = 1 },
            ["user"] = new JsonObject { ["id"] = Owner, ["username"] = "ada" },
            ["data"] = new JsonObject
            {
                ["id"] = "1",
                ["name"] = "ask",
                ["type"] = 1,
                ["options"] = new JsonArray(new JsonObject { ["name"] = "message", ["type"] = 3, ["value"] = text }),
            },
        };
        change?.Invoke(interaction);
        return interaction;
    }

    /// <summary>A use of another command.</summary>
    public JsonObject Command(string name, Action<JsonObject>? change = null) => Ask("", i =>
    {
        i["data"] = new JsonObject { ["id"] = "2", ["name"] = name, ["type"] = 1 };
        change?.Invoke(i);
    });

    /// <summary>Sends an interaction as Discord does, and expects the announcement of a message.</summary>
    public async Task SendAsync(JsonObject interaction)
    {
        Discord.Defer(interaction["token"]!.GetValue<string>(), interaction["channel_id"]!.GetValue<string>());
        await ExpectAsync(() => PostAsync(interaction.ToJsonString()), """{"type":5}""");
    }

    public Task SendAsync(string text) => SendAsync(Ask(text));

    /// <param name="change">Changes the signed request.</param>
    public Task<HttpResponseMessage> PostAsync(string body, Action<HttpRequestHeaders>? change = null) =>
        PostAsync(Host.Client, body, change);

    public static async Task<HttpResponseMessage> PostAsync(HttpClient client, string body, Action<HttpRequestHeaders>? change = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/webhook/discord")
        {
            Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) { Headers = { ContentType = new("application/json") } },
        };
        request.Headers.Add("X-Signature-Timestamp", "1700000000");
        request.Headers.Add("X-Signature-Ed25519", DiscordStandIn.Sign(body, "1700000000"));
        change?.Invoke(request.Headers);
        return await client.SendAsync(request);
    }

    /// <summary>Waits for so many messages of the bot.</summary>
    public async Task<IReadOnlyList<DiscordMessage>> WaitForMessagesAsync(int count)
    {
        await Discord.WaitAsync(() => Discord.Messages.Count >= count);
        return Discord.Messages;
    }
}
