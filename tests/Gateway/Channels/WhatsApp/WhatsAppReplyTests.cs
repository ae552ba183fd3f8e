using System.Text;
using System.Text.Json.Nodes;
using OpenClaw.Tests.Core.Media;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Channels;
using Xunit;

namespace OpenClaw.Tests.Gateway.Channels.WhatsApp;

/// <summary>Replies on WhatsApp, and files both ways.</summary>
[Trait("Feature", "F101")]
public sealed class WhatsAppReplyTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task An_answer_comes_in_WhatsApps_markup_and_in_parts_and_the_question_is_marked_as_read()
    {
        await using var gateway = await WhatsAppGateway.StartAsync(azurite.StorageAccount);
        gateway.Upstream.Next(call => call.StreamTextAsync("**bold** and *italic*, ~~gone~~\n\n" + string.Concat(
            Enumerable.Range(0, 400).Select(i => $"line {i} of a long answer\n\n"))));
        await gateway.SendAsync("talk");
        var messages = await gateway.WaitForMessagesAsync(2);
        await gateway.WaitForRestAsync(WhatsAppGateway.DirectKey);

        messages = gateway.WhatsApp.Messages;
        Assert.StartsWith("*bold* and _italic_, ~gone~", messages[0].Text, StringComparison.Ordinal);
        Assert.All(messages, m => Assert.InRange(m.Text.Length, 1, 4096));
        Assert.Equal(
            Enumerable.Range(0, 400).Select(i => $"line {i} of a long answer"),
            messages.SelectMany(m => m.Text.Split('\n')).Where(l => l.StartsWith("line", StringComparison.Ordinal)));
        Assert.Equal("wamid.in0001", gateway.WhatsApp.Read[0]);
    }

    [Theory]
    [InlineData("limit", 1)]
    [InlineData("pair limit", 1)]
    [InlineData("503", 1)]
    [InlineData("cut before", 1)]
    [InlineData("cut after", 2)]
    [Trait("Feature", "R7")]
    public async Task A_failed_delivery_is_repeated_and_doubled_only_where_WhatsApp_cannot_tell(string fault, int copies)
    {
        await using var gateway = await WhatsAppGateway.StartAsync(azurite.StorageAccount);
        PlatformFault failure = fault switch
        {
            "limit" => PlatformFault.RateLimited(1),
            "pair limit" => new(PlatformFaultKind.Answer, Exact: new(
                400, new JsonObject { ["error"] = new JsonObject { ["code"] = 131056 } }, [("Retry-After", "1")])),
            "503" => PlatformFault.ServerError(503),
            "cut before" => PlatformFault.CutBeforeAcceptance,
            _ => PlatformFault.CutAfterAcceptance,
        };
        gateway.Upstream.Next(async call =>
        {
            await gateway.WhatsApp.WaitAsync(() => gateway.WhatsApp.Read.Count == 1);
            gateway.WhatsApp.Fail("messages", failure);
            await call.StreamTextAsync("echo hello");
        });
        await gateway.SendAsync("hello");
        await gateway.WaitForMessagesAsync(copies);
        await gateway.WaitForRestAsync(WhatsAppGateway.DirectKey);

        Assert.Equal(Enumerable.Repeat("echo hello", copies), gateway.WhatsApp.Messages.Select(m => m.Text));
        Assert.Equal(
            fault.StartsWith("cut", StringComparison.Ordinal), gateway.Host.Log.Contains("ambiguous_delivery", StringComparison.Ordinal));
    }

    [Fact]
    [Trait("Feature", "R9")]
    public async Task A_person_who_did_not_write_for_a_day_is_given_up_and_the_next_is_answered()
    {
        await using var gateway = await WhatsAppGateway.StartAsync(
            azurite.StorageAccount, c => c.Channels.WhatsApp!.AllowFrom = ["*"]);
        gateway.WhatsApp.Silent.Add("15550002222");
        await gateway.SendAsync(WhatsAppGateway.Delivery(gateway.Message("lost", from: "15550002222"), gateway.Message("found")));
        await gateway.WaitForMessagesAsync(1);
        var rows = await gateway.WaitForRestAsync("agent:main:whatsapp:direct:15550002222");

        Assert.Equal("echo found", Assert.Single(gateway.WhatsApp.Messages).Text);
        var dead = Assert.Single(rows, r => r.RowKey.StartsWith("dead~", StringComparison.Ordinal));
        Assert.Contains("131047", dead.GetString("Reason"), StringComparison.Ordinal);
        Assert.DoesNotContain(WhatsAppStandIn.Token, gateway.Host.Log, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Feature", "T34")]
    public async Task Pictures_documents_and_voice_reach_the_agent_and_nothing_shows_the_token()
    {
        await using var gateway = await WhatsAppGateway.StartAsync(azurite.StorageAccount);
        gateway.WhatsApp.AddMedia("11", "image/png", ImageSamples.Small);
        gateway.WhatsApp.AddMedia("12", "text/plain", Encoding.UTF8.GetBytes("the secret number is 7"));
        gateway.WhatsApp.AddMedia("13", "audio/ogg", [0x4f, 0x67, 0x67, 0x53, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        JsonObject File(string type, string id, string? caption = null, string? name = null) => gateway.Message("", m =>
        {
            m.Remove("text");
            (m["type"], m[type]) = (type, new JsonObject { ["id"] = id, ["caption"] = caption, ["filename"] = name });
        });
        await gateway.SendAsync(WhatsAppGateway.Delivery(
            File("image", "11", "what is this?"), File("document", "12", "and this?", "notes.txt"), File("audio", "13"),
            File("document", "404", "gone", "gone.txt")));
        var messages = await gateway.WaitForMessagesAsync(4);

        var prompts = gateway.Upstream.Requests.Select(r => r.Body.GetProperty("messages").EnumerateArray().Last().GetRawText()).ToList();
        Assert.True(prompts[0].Contains("data:image/", StringComparison.Ordinal), messages[0].Text + gateway.Host.Log);
        Assert.Contains("what is this?", prompts[0], StringComparison.Ordinal);
        Assert.Contains("the secret number is 7", prompts[1], StringComparison.Ordinal);
        Assert.Contains("audio", prompts[2], StringComparison.Ordinal);
        Assert.Contains("could not load the file gone.txt", messages[3].Text, StringComparison.Ordinal);
        Assert.DoesNotContain(WhatsAppStandIn.Token, string.Concat(prompts) + gateway.Host.Log, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Feature", "T34")]
    public async Task A_file_elsewhere_is_not_fetched()
    {
        await using var gateway = await WhatsAppGateway.StartAsync(azurite.StorageAccount);
        await using var other = await WhatsAppStandIn.StartAsync();
        gateway.WhatsApp.AddMedia("11", "image/png", ImageSamples.Small);
        gateway.WhatsApp.Elsewhere = other.Origin + "/attachments/11";
        await gateway.SendAsync(WhatsAppGateway.Delivery(gateway.Message("", m =>
        {
            m.Remove("text");
            (m["type"], m["image"]) = ("image", new JsonObject { ["id"] = "11" });
        })));
        var message = (await gateway.WaitForMessagesAsync(1))[0];

        Assert.Contains("could not load", message.Text, StringComparison.Ordinal);
        Assert.Empty(other.Calls);
    }

    [Fact]
    public async Task Files_that_the_agent_shows_are_uploaded()
    {
        await using var gateway = await WhatsAppGateway.StartAsync(azurite.StorageAccount);
        var picture = await gateway.StoreFileAsync(ImageSamples.Small, "chart.png");
        var table = await gateway.StoreFileAsync("a,b\n1,2\n"u8.ToArray(), "table.csv");
        gateway.Upstream.Next(call => call.StreamTextAsync($"Here it is\n\n![chart]({picture})\nMEDIA:{table}\n"));
        await gateway.SendAsync("draw");
        var messages = await gateway.WaitForMessagesAsync(3);

        Assert.Equal(["text", "image", "document"], messages.Select(m => m.Type));
        Assert.Equal("Here it is", messages[0].Text);
        Assert.Equal(ImageSamples.Small, messages[1].Media);
        Assert.Equal("a,b\n1,2\n"u8.ToArray(), messages[2].Media);
    }
}
