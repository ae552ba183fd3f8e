using System.Buffers.Binary;
using System.Net;
using Microsoft.AspNetCore.Http;
using OpenClaw.Tests.Core.Media;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Gateways;
using Xunit;
using static OpenClaw.Tests.Gateway.Responses.InputMedia;

namespace OpenClaw.Tests.Gateway.Responses;

/// <summary>Images that come with a message, from the request to the model.</summary>
public sealed class InputImageTests(AzuriteFixture azurite)
{
    private static readonly byte[] PngBytes = Convert.FromBase64String(Png);
    private static readonly byte[] GifBytes = Convert.FromBase64String(Gif);

    [Fact]
    [Trait("Feature", "F55")]
    public async Task An_image_may_come_in_every_form_and_goes_on_as_it_is()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var internet = await FakeInternet.StartAsync();
        internet.Serve("images.example.com", context =>
        {
            context.Response.ContentType = "image/png";
            return context.Response.Body.WriteAsync(PngBytes).AsTask();
        });
        await using var gateway = await InputMedia.StartAsync(
            upstream, internet, configure: c => c.Gateway.Http.Endpoints.ChatCompletions.Images.AllowUrl = true);
        var data = $"data:image/png;base64,{Png}";
        string[] forms =
        [
            ImageUrl(data),
            $$$"""{"type":"input_image","image_url":{"url":"{{{data}}}"}}""",
            $$$"""{"type":"image_url","image_url":{"url":"{{{data}}}","detail":"low"}}""",
            $$$"""{"type":"input_image","source":{"type":"base64","media_type":"image/png","data":"{{{Png}}}"}}""",
            """{"type":"input_image","source":{"type":"url","url":"https://images.example.com/a"}}""",
            ImageUrl("https://images.example.com/a"),
            """{"type":"image_url","image_url":{"url":"https://images.example.com/a"}}""",
        ];
        foreach (var form in forms)
        {
            await gateway.CreateAsync(Request("\"store\":false,", [form]));
            var (type, bytes) = Assert.Single(upstream.Requests[^1].LastParts()).ImageOf();
            Assert.Equal("image/png", type);
            Assert.Equal(PngBytes, bytes);
            using var chat = await gateway.PostChatAsync(ChatRequest(form));
            Assert.True(chat.IsSuccessStatusCode, await chat.Content.ReadAsStringAsync());
            Assert.Equal(PngBytes, Assert.Single(upstream.Requests[^1].LastParts()).ImageOf().Bytes);
        }
    }

    [Theory]
    [InlineData("quarters.heic", "image/heic")]
    [InlineData("quarters.heic", "image/heif")]
    [InlineData("quarters.avif", "image/avif")]
    [Trait("Feature", "F55")]
    [Trait("Feature", "D3")]
    public async Task A_picture_of_a_phone_reaches_the_model_as_a_jpeg(string file, string type)
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await InputMedia.StartAsync(upstream);
        var heic = Samples.Read(file);
        await gateway.CreateAsync(Request(Image(type, heic)));
        using var chat = await gateway.PostChatAsync(ChatRequest(Image(type, heic)));
        Assert.Equal(HttpStatusCode.OK, chat.StatusCode);
        foreach (var request in upstream.Requests)
        {
            var (sent, jpeg) = Assert.Single(request.LastParts()).ImageOf();
            var header = OpenClaw.Media.Images.ImageHeader.Read(jpeg)!;
            Assert.Equal(("image/jpeg", "image/jpeg", 256, 128), (sent, header.MediaType, header.Width, header.Height));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("Feature", "F55")]
    public async Task Where_an_image_was_taken_reaches_the_model_only_with_keepMetadata(bool keepMetadata)
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await InputMedia.StartAsync(upstream, configure: c =>
        {
            var endpoints = c.Gateway.Http.Endpoints;
            endpoints.Responses.Images.KeepMetadata = endpoints.ChatCompletions.Images.KeepMetadata = keepMetadata;
        });
        var image = ImageSamples.Orient(ImageSamples.JpegOfSize(40, 30), orientation: 1);
        Assert.True(image.AsSpan().IndexOf("Exif"u8) > 0);
        await gateway.CreateAsync(Request(Image("image/jpeg", image)));
        using var chat = await gateway.PostChatAsync(ChatRequest(Image("image/jpeg", image)));

        Assert.Equal(HttpStatusCode.OK, chat.StatusCode);
        Assert.Equal(2, upstream.Requests.Count);
        Assert.All(upstream.Requests, request => Assert.Equal(
            keepMetadata ? image : ImageSamples.JpegOfSize(40, 30), Assert.Single(request.LastParts()).ImageOf().Bytes));
    }

    [Fact]
    [Trait("Feature", "F55")]
    public async Task The_bytes_of_an_image_decide_its_type()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await InputMedia.StartAsync(upstream);
        await gateway.CreateAsync(Request("\"store\":false,", [Image("image/jpeg", PngBytes), Image("image/png", GifBytes)]));
        Assert.Equal(["image/png", "image/gif"], upstream.Requests[0].LastParts().Select(p => p.ImageOf().Type));
    }

    [Theory]
    [InlineData("image/svg+xml", "PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciLz4=", "unsupported_media_type")]
    [InlineData("image/png", "PGh0bWw+PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==", "unsupported_media_type")]
    [InlineData("image/png", "JVBERi0xLjcK", "unsupported_media_type")]
    [InlineData("text/plain", "aGVsbG8=", "unsupported_media_type")]
    [InlineData("image/png", "%%%", "invalid_value")]
    [Trait("Feature", "F55")]
    public async Task A_part_that_is_no_image_is_refused_with_its_name(string type, string data, string code)
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await InputMedia.StartAsync(upstream);
        using var answer = await gateway.PostResponseAsync(Request(InputText("Hi"), ImageUrl($"data:{type};base64,{data}")));
        var error = await answer.ReadErrorAsync();
        Assert.Equal((HttpStatusCode.BadRequest, code, "input[0].content[1].image_url"), (answer.StatusCode, error.Code, error.Param));
        Assert.Empty(upstream.Requests);
    }

    [Fact]
    [Trait("Feature", "F63")]
    public async Task Every_limit_of_images_holds_and_its_key_is_named()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await InputMedia.StartAsync(upstream, configure: c =>
        {
            var responses = c.Gateway.Http.Endpoints.Responses;
            (responses.Images.MaxBytes, responses.Images.MaxPixels, responses.MaxImageParts) = (10_000, 1_000_000, 2);
            responses.Images.AllowedMimes = ["image/png", "image/gif"];
            var chat = c.Gateway.Http.Endpoints.ChatCompletions;
            (chat.MaxImageParts, chat.MaxTotalImageBytes) = (2, 100);
        });
        async Task RefusedAsync(Task<HttpResponseMessage> sent, int status, string code, string word)
        {
            using var answer = await sent;
            var (found, _, message) = await answer.ReadErrorAsync();
            Assert.Equal((status, code), ((int)answer.StatusCode, found));
            Assert.Contains(word, message, StringComparison.Ordinal);
        }

        var png = Image("image/png", PngBytes);
        await RefusedAsync(gateway.PostResponseAsync(Request(png, png, png)), 400, "invalid_value", "responses.maxImageParts");
        await RefusedAsync(gateway.PostResponseAsync(
            Request(Image("image/png", new byte[10_001]))), 413, "file_too_large", "responses.images.maxBytes");
        await RefusedAsync(gateway.PostResponseAsync(Request(Image("image/png", Bomb()))), 413, "file_too_large", "pixels");
        await RefusedAsync(gateway.PostResponseAsync(
            Request(Image("image/jpeg",
            [0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 0, 0, 0xFF, 0xC0, 0, 17, 8, 0, 9, 0, 9, 3, 1, 0x11, 0, 2, 0x11, 1, 3, 0x11, 1]))), 400,
            "unsupported_media_type", "image/png");
        await RefusedAsync(gateway.PostChatAsync(ChatRequest(png, png, png)), 400, "invalid_value", "chatCompletions.maxImageParts");
        await RefusedAsync(gateway.PostChatAsync(ChatRequest(png, png)), 413, "file_too_large", "maxTotalImageBytes");
        await RefusedAsync(gateway.PostChatAsync(
            ChatRequest(ImageUrl("https://images.example.com/a"))), 400, "invalid_value", "chatCompletions.images.allowUrl");
        Assert.Empty(upstream.Requests);
    }

    [Fact]
    [Trait("Feature", "F61")]
    public async Task At_most_eight_parts_may_be_urls_files_and_images_together()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var internet = await FakeInternet.StartAsync();
        internet.Serve("images.example.com", context => context.Response.Body.WriteAsync(PngBytes).AsTask());
        internet.Serve("files.example.com", context => context.Response.WriteAsync("words"));
        await using var gateway = await InputMedia.StartAsync(upstream, internet);
        var eight = Enumerable.Repeat(ImageUrl("https://images.example.com/a.png"), 5).Concat(
            Enumerable.Repeat(FileUrl("https://files.example.com/a.txt"), 3)).ToList();
        await gateway.CreateAsync(Request("\"store\":false,", eight));
        Assert.Equal(8, internet.Requests.Count);
        Assert.Equal(3, upstream.Requests[0].SystemPrompt().Wrapped().Count);

        using var nine = await gateway.PostResponseAsync(Request("", [.. eight, FileUrl("https://files.example.com/a.txt")]));
        Assert.Equal(HttpStatusCode.BadRequest, nine.StatusCode);
        Assert.Contains("maxUrlParts", (await nine.ReadErrorAsync()).Message, StringComparison.Ordinal);
        Assert.Equal(8, internet.Requests.Count);
    }

    [Fact]
    [Trait("Feature", "F62")]
    public async Task Only_allowed_hosts_are_fetched_from_also_behind_a_redirect()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var internet = await FakeInternet.StartAsync();
        internet.Serve("cdn.example.com", context =>
        {
            context.Response.Redirect(
                context.Request.Path == "/out" ? "https://other.example.com/a.png" : "https://img.sub.example.com/a.png");
            return Task.CompletedTask;
        });
        internet.Serve("img.sub.example.com", context => context.Response.Body.WriteAsync(PngBytes).AsTask());
        internet.Serve("sub.example.com", context => context.Response.Body.WriteAsync(PngBytes).AsTask());
        internet.Serve("other.example.com", context => context.Response.Body.WriteAsync(PngBytes).AsTask());
        await using var gateway = await InputMedia.StartAsync(
            upstream, internet, configure: c =>
                c.Gateway.Http.Endpoints.Responses.Images.UrlAllowlist = ["cdn.example.com", "*.sub.example.com"]);
        await gateway.CreateAsync(Request("\"store\":false,", [ImageUrl("https://cdn.example.com/in")]));
        foreach (var url in (string[])["https://cdn.example.com/out", "https://sub.example.com/a.png", "https://other.example.com/a.png"])
        {
            using var answer = await gateway.PostResponseAsync(Request(ImageUrl(url)));
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        }

        Assert.DoesNotContain(internet.Requests, r => r.Host is "other.example.com" or "sub.example.com");
    }

    [Fact]
    public async Task An_image_by_url_is_kept_with_its_bytes_so_that_later_turns_need_no_fetch()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var internet = await FakeInternet.StartAsync();
        internet.Serve("images.example.com", context => context.Response.Body.WriteAsync(PngBytes).AsTask());
        await using var gateway = await InputMedia.StartAsync(upstream, internet, azurite.StorageAccount);
        await gateway.CreateAsync(Request("\"user\":\"ann\",", [ImageUrl("https://images.example.com/a.png")]));
        await gateway.CreateAsync("""{"model":"mock/m","user":"ann","input":"Again?"}""");
        Assert.Single(internet.Requests);
        Assert.Contains(Png, upstream.Requests[1].Body.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tool_may_answer_with_an_image()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await InputMedia.StartAsync(upstream, provider: upstream.ProviderConfig("openai-responses"));
        await gateway.CreateAsync(
            $$"""{"model":"mock/m","store":false,"input":[{"role":"user","content":"Look"},{"type":"function_call","call_id":"c1","name":"look","arguments":"{}"},{"type":"function_call_output","call_id":"c1","output":[{{Image("image/png", PngBytes)}}]}]}""");
        Assert.Contains(Png, upstream.Requests[0].Body.GetRawText(), StringComparison.Ordinal);
    }

    /// <summary>A PNG header that promises 60,000 pixels each way.</summary>
    private static byte[] Bomb()
    {
        var png = (byte[])PngBytes.Clone();
        BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(16), 60_000);
        BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(20), 60_000);
        return png;
    }
}
