using System.Net;
using System.Net.Http.Headers;
using System.Numerics;
using System.Text.Json.Nodes;
using OpenClaw.Configuration.Channels;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Channels;
using Xunit;

namespace OpenClaw.Tests.Gateway.Channels.Discord;

/// <summary>What comes in from Discord: proof, kinds of interactions, who may ask.</summary>
[Trait("Feature", "F73")]
public sealed class DiscordWebhookTests(AzuriteFixture azurite)
{
    private const string Ping = """{"type":1}""";

    /// <summary>RFC 8032, 7.1, test 1.</summary>
    private const string PublishedKey = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";

    private const string PublishedSignature =
        "1695961a47c91a1ec033b819b7e87e3dbc583dd0cee6d1fd0216f58ac87b6228ae531ddbf91fb7bc28d7edf7f08604da16f54624f38a6bc0614e4dc13cd47f0f";

    /// <summary>The order of the group; a signature is valid only with S below it.</summary>
    private static readonly BigInteger Order = BigInteger.Pow(2, 252) + BigInteger.Parse(
        "27742317777372353535851937790883648493", System.Globalization.CultureInfo.InvariantCulture);

    [Fact]
    public async Task A_ping_signed_with_the_published_key_is_answered()
    {
        await using var discord = await DiscordGateway.StartAsync(
            azurite.StorageAccount, c => c.Channels.Discord!.PublicKey = PublishedKey);
        using var answer = await discord.PostAsync(Ping, h => Sign(h, PublishedSignature));
        using var upper = await discord.PostAsync(Ping, h => Sign(h, PublishedSignature.ToUpperInvariant()));

        Assert.Equal(Ping, await answer.Content.ReadAsStringAsync());
        Assert.Equal("application/json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (answer.StatusCode, upper.StatusCode));
    }

    [Fact]
    [Trait("Feature", "T16")]
    public async Task A_signature_that_is_wrong_in_any_way_is_401_and_nothing_is_stored()
    {
        await using var discord = await DiscordGateway.StartAsync(azurite.StorageAccount);
        var body = discord.Ask("hello").ToJsonString();
        var good = DiscordStandIn.Sign(body, "1700000000");
        string[][] wrong =
        [
            [], [""], [good[..^2]], [good + "00"], [good[..^1] + "g"], [good, good], [new string('0', 128)], [Malleable(good)],
            [DiscordStandIn.Sign(body, "1700000001")], [DiscordStandIn.Sign(body + " ", "1700000000")], [good[64..] + good[..64]],
        ];
        foreach (var signatures in wrong)
        {
            using var answer = await discord.PostAsync(body, h => Sign(h, signatures));
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        }

        using var untimed = await discord.PostAsync(body, h => h.Remove("X-Signature-Timestamp"));
        Assert.Equal(HttpStatusCode.Unauthorized, untimed.StatusCode);
        Assert.Equal(0, await discord.CountRowsAsync());
    }

    [Fact]
    public async Task An_interaction_of_another_application_is_refused()
    {
        await using var discord = await DiscordGateway.StartAsync(azurite.StorageAccount);
        using var answer = await discord.PostAsync(discord.Ask("hello", i => i["application_id"] = "42").ToJsonString());
        using var none = await discord.PostAsync(discord.Ask("hello", i => i.Remove("application_id")).ToJsonString());

        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized), (answer.StatusCode, none.StatusCode));
        Assert.Equal(0, await discord.CountRowsAsync());
    }

    [Theory]
    [InlineData(3, """{"type":6}""")]
    [InlineData(4, """{"type":8,"data":{"choices":[]}}""")]
    public async Task Interactions_without_a_question_are_answered_at_once(int type, string body)
    {
        await using var discord = await DiscordGateway.StartAsync(azurite.StorageAccount);
        using var answer = await discord.PostAsync(discord.Ask("", i => i["type"] = type).ToJsonString());

        Assert.Equal((HttpStatusCode.OK, body), (answer.StatusCode, await answer.Content.ReadAsStringAsync()));
        Assert.Equal(0, await discord.CountRowsAsync());
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("""{"type":"2"}""")]
    [InlineData("""{"type":2,"application_id":5}""")]
    public async Task A_body_that_is_no_interaction_is_refused(string body)
    {
        await using var discord = await DiscordGateway.StartAsync(azurite.StorageAccount);
        using var answer = await discord.PostAsync(body);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        await answer.ReadErrorAsync();
    }

    [Fact]
    [Trait("Feature", "T17")]
    public async Task A_repeated_interaction_is_one_turn()
    {
        await using var discord = await DiscordGateway.StartAsync(azurite.StorageAccount);
        var ask = discord.Ask("once");
        await discord.SendAsync(ask);
        using var again = await discord.PostAsync(ask.ToJsonString());
        await discord.WaitForMessagesAsync(1);
        using var late = await discord.PostAsync(ask.ToJsonString());
        await discord.WaitForRestAsync(DiscordGateway.DirectKey);

        Assert.Equal("""{"type":5}""", await late.Content.ReadAsStringAsync());
        Assert.Equal("echo once", Assert.Single(discord.Discord.Messages).Content);
        Assert.Equal(["once"], discord.Asked);
    }

    [Theory]
    [InlineData("stranger, direct", "1", null)]
    [InlineData("stranger, guild", "1", "900")]
    [InlineData("owner, another guild", DiscordGateway.Owner, "901")]
    [InlineData("nobody", null, null)]
    public async Task A_person_who_may_not_ask_is_told_so_privately(string what, string? user, string? guild)
    {
        await using var discord = await DiscordGateway.StartAsync(azurite.StorageAccount, c => c.Channels.Discord!.DmPolicy = "allowlist");
        using var answer = await discord.PostAsync(discord.Ask(what, i => Place(i, user, guild)).ToJsonString());
        var body = await answer.ReadJsonAsync();

        Assert.Equal((4, 64), (body.GetProperty("type").GetInt32(), body.GetProperty("data").GetProperty("flags").GetInt32()));
        Assert.Empty(discord.Asked);
        Assert.Equal(0, await discord.CountRowsAsync());
    }

    [Theory]
    [InlineData("77", null)]
    [InlineData("78", "77")]
    public async Task A_guild_with_a_list_of_its_own_takes_only_those(string allowed, string? refused)
    {
        await using var discord = await DiscordGateway.StartAsync(azurite.StorageAccount, c =>
            c.Channels.Discord!.Groups = new Dictionary<string, GroupSection> { ["900"] = new() { AllowFrom = [allowed] } });
        var ask = discord.Ask("hello", i => Place(i, refused ?? allowed, "900"));
        discord.Discord.Defer(ask["token"]!.GetValue<string>(), DiscordGateway.Direct);
        using var answer = await discord.PostAsync(ask.ToJsonString());

        Assert.Equal(refused is null ? 5 : 4, (await answer.ReadJsonAsync()).GetProperty("type").GetInt32());
    }

    [Fact]
    public async Task An_unknown_person_gets_a_code_that_nobody_else_sees()
    {
        await using var discord = await DiscordGateway.StartAsync(azurite.StorageAccount);
        var ask = discord.Ask("hello", i => Place(i, "1", null));
        discord.Discord.Defer(ask["token"]!.GetValue<string>(), DiscordGateway.Direct);
        using var answer = await discord.PostAsync(ask.ToJsonString());
        var message = Assert.Single(await discord.WaitForMessagesAsync(1));

        Assert.Equal(64, (await answer.ReadJsonAsync()).GetProperty("data").GetProperty("flags").GetInt32());
        Assert.Matches("\\*\\*[A-Z0-9]{8}\\*\\*", message.Content);
        Assert.False(message.IsFollowUp); // it replaces the private answer
    }

    [Theory]
    [InlineData(false, HttpStatusCode.NotFound)]
    [InlineData(true, HttpStatusCode.ServiceUnavailable)]
    [Trait("Feature", "T15")]
    public async Task A_channel_that_is_off_or_has_no_key_takes_nothing(bool isEnabled, HttpStatusCode status)
    {
        await using var discord = await DiscordGateway.StartAsync(azurite.StorageAccount, c =>
            (c.Channels.Discord!.Enabled, c.Channels.Discord.PublicKey) = (isEnabled, ""));
        using var answer = await discord.PostAsync(Ping);

        Assert.Equal(status, answer.StatusCode);
    }

    private static void Place(JsonObject interaction, string? user, string? guild)
    {
        interaction.Remove("user");
        var who = user is null ? null : new JsonObject { ["id"] = user, ["username"] = "somebody" };
        if (guild is null)
        {
            interaction["user"] = who;
        }
        else
        {
            (interaction["guild_id"], interaction["member"]) = (guild, new JsonObject { ["user"] = who, ["nick"] = "Somebody" });
        }
    }

    /// <summary>The same signature with S + L: equal to those who do not check the range of S.</summary>
    private static string Malleable(string signature)
    {
        var bytes = Convert.FromHexString(signature);
        var sum = (new BigInteger(bytes.AsSpan(32), isUnsigned: true) + Order).ToByteArray(isUnsigned: true);
        bytes.AsSpan(32).Clear();
        sum.CopyTo(bytes, 32);
        return Convert.ToHexStringLower(bytes);
    }

    private static void Sign(HttpRequestHeaders headers, params string[] signatures)
    {
        headers.Remove("X-Signature-Ed25519");
        foreach (var signature in signatures)
        {
            headers.TryAddWithoutValidation("X-Signature-Ed25519", signature);
        }
    }
}
