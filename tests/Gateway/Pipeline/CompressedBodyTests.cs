using System.IO.Compression;
using System.Net;
using System.Text;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Gateways;
using Xunit;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace OpenClaw.Tests.Gateway.Pipeline;

/// <summary>JSON bodies that clients compress, as Codex does with zstd. Source: github.com/QuantumNous/new-api/issues/4914.</summary>
public class CompressedBodyTests
{
    private const string Body = """{"model":"mock/test-model","messages":[{"role":"user","content":"Hello"}]}""";

    private const int Limit = 100_000;

    [Theory]
    [InlineData("gzip")]
    [InlineData("x-gzip")]
    [InlineData("GZIP")]
    [InlineData("deflate")]
    [InlineData("br")]
    [InlineData("zstd")]
    [InlineData("identity")]
    public async Task A_compressed_body_is_read_as_what_it_holds(string coding)
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await ResponsesGateway.StartAsync(upstream);

        using var answer = await PostAsync(gateway, coding, Compress(coding, Encoding.UTF8.GetBytes(Body)));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var call = Assert.Single(upstream.Requests);
        Assert.Equal("Hello", call.Body.GetProperty("messages").EnumerateArray().Last().GetProperty("content").GetString());
    }

    [Theory]
    [InlineData("compress")]
    [InlineData("gzip, br")]
    public async Task An_unknown_coding_is_415_and_the_answer_lists_the_known_ones(string coding)
    {
        await using var gateway = await GatewayHost.StartAsync();

        using var answer = await PostAsync(gateway, coding, Encoding.UTF8.GetBytes(Body));

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, answer.StatusCode);
        Assert.Equal("gzip, deflate, br, zstd", string.Join(", ", answer.Headers.GetValues("Accept-Encoding")));
        Assert.Equal("unsupported_media_type", (await answer.ReadErrorAsync()).Code);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    [InlineData("br")]
    [InlineData("zstd")]
    public async Task A_body_that_is_not_compressed_as_its_header_says_is_400(string coding)
    {
        await using var gateway = await GatewayHost.StartAsync();
        var cut = Compress(coding, Encoding.UTF8.GetBytes(Body))[..^12];

        foreach (var bytes in new[] { Encoding.UTF8.GetBytes(Body), cut })
        {
            using var answer = await PostAsync(gateway, coding, bytes);
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
            Assert.Equal("invalid_json", (await answer.ReadErrorAsync()).Code);
        }
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("zstd")]
    public async Task A_small_body_that_decompresses_beyond_the_limit_is_413(string coding)
    {
        await using var gateway = await GatewayHost.StartAsync(
            configure: c => c.Gateway.Http.Endpoints.ChatCompletions.MaxBodyBytes = Limit);
        var bomb = Compress(coding, new byte[Limit * 100]);
        Assert.InRange(bomb.Length, 1, Limit / 2);

        using var answer = await PostAsync(gateway, coding, bomb);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        Assert.Equal("request_too_large", (await answer.ReadErrorAsync()).Code);
    }

    [Fact]
    public async Task A_zstd_body_that_asks_for_a_window_above_8_MiB_is_refused()
    {
        await using var gateway = await GatewayHost.StartAsync();
        using var buffer = new MemoryStream();
        await using (var stream = new CompressionStream(buffer, leaveOpen: true))
        {
            stream.SetParameter(ZSTD_cParameter.ZSTD_c_windowLog, 26);
            await stream.WriteAsync(Encoding.UTF8.GetBytes(Body));
        }

        using var answer = await PostAsync(gateway, "zstd", buffer.ToArray());

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("zstd", (await answer.ReadErrorAsync()).Message, StringComparison.Ordinal);
    }

    private static Task<HttpResponseMessage> PostAsync(GatewayHost gateway, string coding, byte[] bytes)
    {
        var content = new ByteArrayContent(bytes);
        content.Headers.Add("Content-Type", "application/json");
        content.Headers.TryAddWithoutValidation("Content-Encoding", coding);
        return gateway.Client.PostAsync("/v1/chat/completions", content);
    }

    private static byte[] Compress(string coding, byte[] bytes)
    {
        if (coding == "identity")
        {
            return bytes;
        }

        using var buffer = new MemoryStream();
        using (Stream stream = coding.ToLowerInvariant() switch
        {
            "gzip" or "x-gzip" => new GZipStream(buffer, CompressionMode.Compress, leaveOpen: true),
            "deflate" => new ZLibStream(buffer, CompressionMode.Compress, leaveOpen: true),
            "br" => new BrotliStream(buffer, CompressionMode.Compress, leaveOpen: true),
            _ => new CompressionStream(buffer, leaveOpen: true),
        })
        {
            stream.Write(bytes);
        }

        return buffer.ToArray();
    }
}
