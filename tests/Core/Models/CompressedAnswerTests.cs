using System.IO.Compression;
using System.Net;
using System.Text;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Gateways;
using Xunit;
using ZstdSharp;

namespace OpenClaw.Tests.Core.Models;

/// <summary>Answers that a proxy before the provider compresses though nobody asks for it. Source:
/// github.com/Anionex/agent-vision-toolkit/pull/36.</summary>
public class CompressedAnswerTests
{
    private const string Request = """{"model":"mock/test-model","messages":[{"role":"user","content":"Hello"}]}""";

    private const string Whole = """
        {"id":"c","object":"chat.completion","created":1,"model":"m","choices":[
          {"index":0,"message":{"role":"assistant","content":"fine"},"finish_reason":"stop"}]}
        """;

    private const string Events = """
        data: {"id":"c","choices":[{"index":0,"delta":{"content":"fi"},"finish_reason":null}]}

        data: {"id":"c","choices":[{"index":0,"delta":{"content":"ne"},"finish_reason":"stop"}]}

        data: [DONE]


        """;

    [Theory]
    [InlineData("gzip", Whole)]
    [InlineData("gzip", Events)]
    [InlineData("deflate", Events)]
    [InlineData("br", Whole)]
    [InlineData("zstd", Events)]
    public async Task A_compressed_answer_is_read(string coding, string body)
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        upstream.Next(call => call.RespondBytesAsync(200, Compress(coding, body), ("Content-Encoding", coding)));
        await using var gateway = await ResponsesGateway.StartAsync(upstream);

        using var answer = await gateway.PostChatAsync(Request);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var choice = (await answer.ReadJsonAsync()).GetProperty("choices")[0];
        Assert.Equal("fine", choice.GetProperty("message").GetProperty("content").GetString());
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("compress")]
    public async Task An_answer_that_is_not_compressed_as_its_header_says_is_502(string coding)
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        upstream.Always(call => call.RespondBytesAsync(200, Encoding.UTF8.GetBytes(Whole), ("Content-Encoding", coding)));
        await using var gateway = await ResponsesGateway.StartAsync(upstream);

        using var answer = await gateway.PostChatAsync(Request);

        Assert.Equal(HttpStatusCode.BadGateway, answer.StatusCode);
        Assert.Equal("upstream_protocol", (await answer.ReadErrorAsync()).Code);
    }

    [Fact]
    public async Task A_compressed_error_keeps_its_meaning()
    {
        const string Error = """{"error":{"message":"Your balance is empty","type":"exceeded_current_quota_error"}}""";
        await using var upstream = await ScriptedUpstream.StartAsync();
        upstream.Always(call => call.RespondBytesAsync(429, Compress("gzip", Error), ("Content-Encoding", "gzip")));
        await using var gateway = await ResponsesGateway.StartAsync(upstream);

        using var answer = await gateway.PostChatAsync(Request);

        Assert.Equal("insufficient_quota", (await answer.ReadErrorAsync()).Code);
    }

    private static byte[] Compress(string coding, string text)
    {
        using var buffer = new MemoryStream();
        using (Stream stream = coding switch
        {
            "gzip" => new GZipStream(buffer, CompressionMode.Compress, leaveOpen: true),
            "deflate" => new ZLibStream(buffer, CompressionMode.Compress, leaveOpen: true),
            "br" => new BrotliStream(buffer, CompressionMode.Compress, leaveOpen: true),
            _ => new CompressionStream(buffer, leaveOpen: true),
        })
        {
            stream.Write(Encoding.UTF8.GetBytes(text));
        }

        return buffer.ToArray();
    }
}
