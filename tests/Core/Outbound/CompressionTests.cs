using System.IO.Compression;
using System.Text;
using OpenClaw.Outbound;
using Xunit;

namespace OpenClaw.Tests.Core.Outbound;

/// <summary>Bodies that are compressed although the request did not ask for it.</summary>
public class CompressionTests
{
    private const string Url = "https://one.example.com/dir/file.txt";
    private const int Cap = 5_242_880;

    [Theory]
    [Trait("Feature", "T30")]
    [InlineData("gzip")]
    [InlineData("x-gzip")]
    [InlineData("br")]
    [InlineData("deflate")]
    public async Task Unrequested_compression_is_inflated_and_a_bomb_is_refused(string coding)
    {
        await using var fetching = await Fetching.StartAsync();
        var text = Encoding.ASCII.GetBytes(string.Join(' ', Enumerable.Range(0, 20_000)));
        var bodies = new Dictionary<string, byte[]>
        {
            ["/text"] = Compress(coding, text),
            ["/ratio"] = Compress(coding, new byte[Cap - 1]), // within the limit, but out of next to nothing
            ["/bomb"] = Compress(coding, new byte[100_000_000]),
            ["/broken"] = [.. Compress(coding, text).AsSpan(0, 40), .. Encoding.ASCII.GetBytes(new string('x', 200))],
        };
        fetching.Internet.Serve("one.example.com", context =>
        {
            context.Response.Headers.ContentEncoding = coding;
            return context.Response.Body.WriteAsync(bodies[context.Request.Path!]).AsTask();
        });

        Assert.Equal(text, (await fetching.GetAsync("https://one.example.com/text")).Bytes);
        Assert.Equal(FetchFailure.TooLarge, await fetching.FailAsync("https://one.example.com/bomb"));
        Assert.Equal(FetchFailure.TooLarge, await fetching.FailAsync("https://one.example.com/ratio"));
        Assert.Contains("its body inflates too strongly", fetching.Log);
        Assert.Equal(FetchFailure.Failed, await fetching.FailAsync("https://one.example.com/broken"));
    }

    [Theory]
    [Trait("Feature", "T30")]
    [InlineData("gzip, gzip")]
    [InlineData("gzip, br")]
    [InlineData("identity, gzip")]
    [InlineData("zstd")]
    [InlineData("compress")]
    public async Task Nested_and_unknown_compression_is_refused(string coding)
    {
        await using var fetching = await Fetching.StartAsync();
        fetching.Internet.Serve("one.example.com", context =>
        {
            context.Response.Headers.ContentEncoding = coding;
            return context.Response.Body.WriteAsync(Compress("gzip", Compress("gzip", "hello"u8.ToArray()))).AsTask();
        });

        Assert.Equal(FetchFailure.Failed, await fetching.FailAsync(Url));
    }

    private static byte[] Compress(string coding, byte[] bytes)
    {
        using var compressed = new MemoryStream();
        using (Stream stream = coding switch
        {
            "br" => new BrotliStream(compressed, CompressionLevel.Optimal, leaveOpen: true),
            "deflate" => new ZLibStream(compressed, CompressionLevel.Optimal, leaveOpen: true),
            _ => new GZipStream(compressed, CompressionLevel.Optimal, leaveOpen: true),
        })
        {
            stream.Write(bytes);
        }

        return compressed.ToArray();
    }
}
