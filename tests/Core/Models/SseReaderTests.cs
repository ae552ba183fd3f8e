using System.Text;
using FsCheck;
using FsCheck.Fluent;
using OpenClaw.Errors;
using OpenClaw.Models.Upstream;
using Xunit;

namespace OpenClaw.Tests.Core.Models;

public class SseReaderTests
{
    private const int Limit = 1 << 20;

    private static readonly string[] Fragments =
    [
        "data: a", "data:b", "data", "data: ", "data: {\"x\":\"€😀\"}", ": comment", "event: e", "event:", "id: 7", "retry: 10", "other: x",
        "\n", "\r", "\r\n", "\n\n", "\r\n\r\n", "\uFEFF", ":",
    ];

    private static readonly Gen<byte[]> Documents =
        Gen.Frequency((12, Gen.Elements(Fragments).Select(Encoding.UTF8.GetBytes)), (
            1, Gen.Elements(new byte[] { 0xFF }, [0xE2, 0x82], [0xF0, 0x9F])))
            .ListOf().Select(parts => parts.SelectMany(part => part).ToArray());

    [Fact]
    public async Task Fields_lines_and_events_follow_the_standard()
    {
        var events = await ReadAsync(Encoding.UTF8.GetBytes(
            "\uFEFFdata: one\n\n:comment\r\nevent: two\r\ndata: 2a\r\ndata:  2b\r\n\r\nid: 9\rretry: 5\rdata\r\revent: empty\n\ndata: last"));

        Assert.Equal([(null, "one"), ("two", "2a\n 2b")], events);
    }

    [Fact]
    public async Task A_stream_cut_at_any_byte_gives_the_same_events()
    {
        var document = "\uFEFFdata: {\"t\":\"€😀\"}\r\n\r\nevent: x\rdata: 1\rdata: 2\r\r: c\n\ndata: z\n\n"u8.ToArray();
        var whole = await ReadAsync(document);
        Assert.Equal(3, whole.Count);
        for (var cut = 0; cut <= document.Length; cut++)
        {
            Assert.Equal(whole, await ReadAsync(document[..cut], document[cut..]));
        }
    }

    [Fact]
    public void However_bytes_are_cut_the_events_are_the_same() =>
        Prop.ForAll(Documents.ToArbitrary(), Gen.Choose(1, 9).ListOf().ToArbitrary(), async (document, sizes) =>
        {
            var chunks = new List<byte[]>();
            for (var (at, i) = (0, 0); at < document.Length; i++)
            {
                var size = Math.Min(sizes.Count == 0 ? 1 : sizes[i % sizes.Count], document.Length - at);
                chunks.Add(document[at..(at += size)]);
            }

            Assert.Equal(await ReadAsync(document), await ReadAsync([.. chunks]));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(10_000).WithReplay(20261127, 1));

    [Theory]
    [InlineData("data: {\"a\":1}\ndata: {\"b\":[\"}\"]}\ndata: [DONE]\n\n", "{\"a\":1}|{\"b\":[\"}\"]}|[DONE]")] // no blank lines
    [InlineData("data: {\ndata: \"a\":\"\\\"}{\"\ndata: }\n\n", "{\n\"a\":\"\\\"}{\"\n}")] // one value over three lines
    [InlineData("event: a\ndata: {}\nevent: b\ndata: {}\n\n", "a={}|b={}")]
    [InlineData("data: {}\nevent: b\n\ndata: {}\n\n", "b={}|{}")] // a name may follow its data
    [InlineData("data: {}\ndata:\ndata: {}\n\n", "{}|\n{}")]
    public async Task Whole_JSON_is_an_event_even_where_the_blank_line_is_missing(string document, string expected) =>
        Assert.Equal(expected, Describe(await ReadAsync(Encoding.UTF8.GetBytes(document))));

    [Theory]
    [InlineData("data: {\"a\":1}", "{\"a\":1}")]
    [InlineData("data: {}\ndata: [DONE]", "{}|[DONE]")]
    [InlineData("data: {}\nda", "{}")]
    [InlineData("data: {\"a\":1", "")]
    [InlineData("data: [DONE", "")]
    [InlineData("data: text", "")]
    [InlineData("data: {}}", "")]
    public async Task The_end_of_the_stream_ends_an_event_whose_data_is_whole(string document, string expected) =>
        Assert.Equal(expected, Describe(await ReadAsync(Encoding.UTF8.GetBytes(document))));

    [Theory]
    [InlineData("data: \n\ndata\n\ndata:\n\ndata:  \n\n\n\n: c\n\nevent: ping\n\ndata: {}\n\n", "{}")]
    [InlineData("event: error\ndata:\n\n", "error=")] // an error without words is one
    public async Task Events_with_blank_data_are_heartbeats(string document, string expected) =>
        Assert.Equal(expected, Describe(await ReadAsync(Encoding.UTF8.GetBytes(document))));

    [Fact]
    public async Task Bytes_that_are_not_UTF8_are_replaced()
    {
        var events = await ReadAsync([.. "data: a"u8, 0xFF, .. "b\n\n"u8]);

        Assert.Equal([(null, "a\uFFFDb")], events);
    }

    [Theory]
    [InlineData(64, true)]
    [InlineData(65, false)]
    public async Task A_line_may_be_as_long_as_the_limit(int length, bool isAllowed)
    {
        var document = Encoding.UTF8.GetBytes("data: ok\n\n:" + new string('x', length - 1) + "\ndata: end\n\n");
        foreach (var size in new[] { 1, 7, document.Length })
        {
            using var reader = new SseReader(new ChunkStream([.. document.Chunk(size)]), maxBytes: 64);
            Assert.True(await reader.ReadAsync(default));
            if (isAllowed)
            {
                Assert.True(await reader.ReadAsync(default));
            }
            else
            {
                var exception = await Assert.ThrowsAsync<GatewayException>(async () => await reader.ReadAsync(default));
                Assert.Equal("upstream_protocol", exception.Error.Code);
            }
        }
    }

    [Fact]
    public async Task An_event_of_many_lines_is_bounded_too()
    {
        using var reader = new SseReader(
            new MemoryStream(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("data: 0123456789\n", 100)))), maxBytes: 256);

        var exception = await Assert.ThrowsAsync<GatewayException>(() => reader.ReadAsync(default).AsTask());
        Assert.Equal("upstream_protocol", exception.Error.Code);
    }

    [Fact, Trait("Feature", "R18")]
    public async Task An_endless_line_is_given_up_after_the_limit()
    {
        var stream = new CountingStream(() => (byte)'x');
        using var reader = new SseReader(stream, Limit);

        await Assert.ThrowsAsync<GatewayException>(() => reader.ReadAsync(default).AsTask());
        Assert.InRange(stream.Taken, Limit, 2 * Limit);
    }

    [Fact, Trait("Feature", "R18")]
    public async Task A_reader_that_stops_takes_nothing_more_from_the_sender()
    {
        var at = 0;
        var stream = new CountingStream(() => "data: x\n\n"u8[at++ % 9]);
        using var reader = new SseReader(stream, Limit);

        Assert.True(await reader.ReadAsync(default));
        Assert.InRange(stream.Taken, 1, 16 * 1024);

        for (var i = 0; i < 100_000; i++)
        {
            await reader.ReadAsync(default);
        }

        Assert.InRange(stream.Taken, 900_000, 900_000 + (16 * 1024));
    }

    private static string Describe(List<(string? Name, string Data)> events) =>
        string.Join('|', events.Select(e => e.Name is null ? e.Data : $"{e.Name}={e.Data}"));

    private static async Task<List<(string?, string)>> ReadAsync(params byte[][] chunks)
    {
        using var reader = new SseReader(new ChunkStream(chunks), Limit);
        var events = new List<(string?, string)>();
        while (await reader.ReadAsync(default))
        {
            events.Add((reader.Name, Encoding.UTF8.GetString(reader.Data.Span)));
        }

        Assert.False(await reader.ReadAsync(default));
        return events;
    }

    /// <summary>Gives each chunk in reads of its own.</summary>
    private sealed class ChunkStream(byte[][] chunks) : MemoryStream
    {
        private readonly Queue<byte[]> _chunks = new(chunks.Where(chunk => chunk.Length > 0));

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await Task.Yield();
            if (!_chunks.TryPeek(out var chunk))
            {
                return 0;
            }

            var count = Math.Min(chunk.Length, buffer.Length);
            chunk.AsSpan(0, count).CopyTo(buffer.Span);
            _chunks.Dequeue();
            if (count < chunk.Length)
            {
                var rest = _chunks.ToArray();
                _chunks.Clear();
                Array.ForEach([chunk[count..], .. rest], _chunks.Enqueue);
            }

            return count;
        }
    }

    /// <summary>Never ends, and knows how much was taken.</summary>
    private sealed class CountingStream(Func<byte> next) : MemoryStream
    {
        public long Taken { get; private set; }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            for (var i = 0; i < buffer.Length; i++)
            {
                buffer.Span[i] = next();
            }

            Taken += buffer.Length;
            return ValueTask.FromResult(buffer.Length);
        }
    }
}
