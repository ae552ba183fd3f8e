using System.Net;
using Microsoft.AspNetCore.Http;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Gateways;
using Xunit;
using static OpenClaw.Tests.Gateway.Responses.InputMedia;

namespace OpenClaw.Tests.Gateway.Responses;

/// <summary>The whole table of addresses that must not be reached, through every part of a request that may be a URL.</summary>
public sealed class InputUrlTests
{
    public static TheoryData<string> Entries { get; } =
        ["input_image", "input_image source", "input_file", "input_file source", "tool output", "chat image", "chat file"];

    [Theory]
    [MemberData(nameof(Entries))]
    [Trait("Feature", "F60")]
    [Trait("Feature", "T25")]
    [Trait("Feature", "T26")]
    public async Task No_entry_reaches_a_private_address(string entry)
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var internet = await FakeInternet.StartAsync();
        await using var gateway = await InputMedia.StartAsync(
            upstream, internet, configure: c => c.Gateway.Http.Endpoints.ChatCompletions.Images.AllowUrl = true);
        var failures = new List<string>();
        foreach (var attack in SsrfCases.All)
        {
            internet.Play(attack);
            using var answer = await SendAsync(gateway, entry, attack.Url);
            if (answer.StatusCode != HttpStatusCode.BadRequest)
            {
                failures.Add($"{(int)answer.StatusCode} {attack.Group} {attack.Url}");
            }
        }

        Assert.Empty(failures);
        Assert.Empty(internet.Dials);
        Assert.Empty(upstream.Requests);
    }

    [Theory]
    [MemberData(nameof(Entries))]
    [Trait("Feature", "F60")]
    [Trait("Feature", "T25")]
    public async Task No_redirect_leads_an_entry_there(string entry)
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var internet = await FakeInternet.StartAsync();
        var location = "";
        internet.Serve("public.example.com", context =>
        {
            context.Response.StatusCode = StatusCodes.Status302Found;
            context.Response.Headers.Location = location;
            return Task.CompletedTask;
        });
        await using var gateway = await InputMedia.StartAsync(
            upstream, internet, configure: c => c.Gateway.Http.Endpoints.ChatCompletions.Images.AllowUrl = true);
        var own = await internet.AddressOfAsync("public.example.com");
        foreach (var next in SsrfCases.Redirects)
        {
            location = next;
            using var answer = await SendAsync(gateway, entry, "https://public.example.com/x");
            Assert.Equal((HttpStatusCode.BadRequest, next), (answer.StatusCode, next));
        }

        Assert.All(internet.Dials, dial => Assert.Equal(own, dial.Address));
        Assert.Empty(upstream.Requests);
    }

    [Fact]
    [Trait("Feature", "F60")]
    public async Task Blocked_refused_and_missing_look_the_same_to_the_caller()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var internet = await FakeInternet.StartAsync();
        internet.Serve("missing.example.com", context =>
        {
            context.Response.StatusCode = 404;
            return Task.CompletedTask;
        });
        internet.Resolve("blocked.example.com", "10.0.0.1").Resolve("refused.example.com", "93.184.216.250");
        await using var gateway = await InputMedia.StartAsync(upstream, internet);
        var messages = new HashSet<string>();
        foreach (var host in (string[])["missing", "blocked", "refused", "unknown"])
        {
            using var answer = await SendAsync(gateway, "input_file", $"https://{host}.example.com/x");
            var error = await answer.ReadErrorAsync();
            Assert.Equal("url_fetch_failed", error.Code);
            messages.Add(error.Message);
        }

        Assert.Single(messages);
        Assert.Contains("10.0.0.1", gateway.Log, StringComparison.Ordinal); // the operator sees why
    }

    [Fact]
    [Trait("Feature", "T30")]
    public async Task A_file_that_inflates_or_lies_about_its_length_is_stopped_at_the_limit()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var internet = await FakeInternet.StartAsync();
        internet.Serve("endless.example.com", async context =>
        {
            var block = new byte[64 * 1024];
            while (!context.RequestAborted.IsCancellationRequested)
            {
                await context.Response.Body.WriteAsync(block, context.RequestAborted);
            }
        });
        await using var gateway = await InputMedia.StartAsync(upstream, internet);
        using var answer = await SendAsync(gateway, "input_file", "https://endless.example.com/x");
        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, "file_too_large"), (answer.StatusCode, (await answer.ReadErrorAsync()).Code));
        using var body = await gateway.PostResponseAsync(Request(File("text/plain", "a.txt", new byte[6_000_000])));
        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, "file_too_large"), (body.StatusCode, (await body.ReadErrorAsync()).Code));
    }

    private static Task<HttpResponseMessage> SendAsync(GatewayHost gateway, string entry, string url) => entry switch
    {
        "input_image" => gateway.PostResponseAsync(Request(ImageUrl(url))),
        "input_image source" =>
            gateway.PostResponseAsync(Request($$$"""{"type":"input_image","source":{"type":"url","url":{{{Quote(url)}}}}}""")),
        "input_file" => gateway.PostResponseAsync(Request(FileUrl(url))),
        "input_file source" =>
            gateway.PostResponseAsync(Request($$$"""{"type":"input_file","source":{"type":"url","url":{{{Quote(url)}}}}}""")),
        "tool output" => gateway.PostResponseAsync(
            $$"""{"model":"mock/m","store":false,"input":[{"role":"user","content":"x"},{"type":"function_call","call_id":"c","name":"f","arguments":"{}"},{"type":"function_call_output","call_id":"c","output":[{{ImageUrl(url)}}]}]}"""),
        "chat image" => gateway.PostChatAsync(ChatRequest($$$"""{"type":"image_url","image_url":{"url":{{{Quote(url)}}}}}""")),
        "chat file" => gateway.PostChatAsync(ChatRequest(FileUrl(url))),
        _ => throw new ArgumentOutOfRangeException(nameof(entry)),
    };
}
