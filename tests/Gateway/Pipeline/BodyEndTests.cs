using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using OpenClaw.Tests.Support;
using Xunit;

namespace OpenClaw.Tests.Gateway.Pipeline;

/// <summary>Bodies that do not end as they should: badly framed, too late, or never read. Each has an answer, at most one line in the
/// log and no stack there.</summary>
public sealed class BodyEndTests(AzuriteFixture azurite)
{
    private const string Chunked = "Transfer-Encoding: chunked\r\n";

    public static TheoryData<string, string> Malformed => new()
    {
        { Chunked, "zz\r\n{}\r\n0\r\n\r\n" },
        { Chunked, "-2\r\n{}\r\n0\r\n\r\n" },
        { Chunked, "ffffffffffffffff1\r\n{}\r\n0\r\n\r\n" },
        { Chunked, "2\r\n{}X\r\n0\r\n\r\n" },
        { Chunked, "2\n{}\r\n0\r\n\r\n" },
        { Chunked, "\r\n{}\r\n0\r\n\r\n" },
        { Chunked, "2\r\n{}\r\n0\r\nbad trailer\r\n\r\n" },
        { "Transfer-Encoding: gzip\r\n", "{}" },
        { "Transfer-Encoding: chunked, gzip\r\n", "2\r\n{}\r\n0\r\n\r\n" },
        { "Content-Length: -1\r\n", "{}" },
        { "Content-Length: two\r\n", "{}" },
        { "Content-Length: 2\r\nContent-Length: 3\r\n", "{}" },
        { "Content-Length: 99999999999999999999\r\n", "{}" },
    };

    [Theory]
    [MemberData(nameof(Malformed))]
    public async Task Framing_that_is_malformed_is_400_and_ends_the_connection(string headers, string body)
    {
        await using var gateway = await GatewayHost.StartAsync(azurite.StorageAccount);
        foreach (var (path, type) in ((string, string)[])[
            ("/v1/chat/completions", "application/json"), ("/api/media", "text/plain"), ("/v1/files", "multipart/form-data; boundary=b")])
        {
            using var connection = await RawConnection.OpenAsync(gateway.Url);
            await connection.SendAsync(Head(path, type, headers) + body);

            var status = await connection.ReadAnswerAsync();
            AssertNoStack(gateway);
            Assert.Equal((path, 400), (path, status));
            Assert.True(await connection.IsClosedAsync());
            Assert.Equal("close", connection.Headers["Connection"]);
        }

        AssertNoStack(gateway);
    }

    [Theory]
    [InlineData("/v1/chat/completions", "application/json")]
    [InlineData("/api/media", "text/plain")]
    [InlineData("/v1/files", "multipart/form-data; boundary=b")]
    public async Task A_sender_that_stops_in_the_middle_leaves_no_stack_in_the_log(string path, string type)
    {
        await using var gateway = await GatewayHost.StartAsync(azurite.StorageAccount);
        foreach (var framing in (string[])["Content-Length: 100\r\n\r\n{", Chunked + "\r\n64\r\n{"])
        {
            using var connection = await RawConnection.OpenAsync(gateway.Url);
            await connection.SendAsync(Head(path, type, "")[..^2] + framing);
            connection.EndSending();

            await connection.WaitForEndAsync();
        }

        AssertNoStack(gateway);
    }

    [Theory]
    [InlineData("/v1/chat/completions", "application/json", 31)]
    [InlineData("/api/media", "text/plain", 601)]
    [InlineData("/v1/files", "multipart/form-data; boundary=b", 601)]
    public async Task A_body_that_is_late_is_408_with_one_line_in_the_log(string path, string type, int seconds)
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var gateway = await GatewayHost.StartAsync(
            azurite.StorageAccount, c => c.Gateway.Http.RateLimit.RequestsPerMinute = 0, // storage has limits of time by the same clock
            services => services.AddSingleton<TimeProvider>(clock));
        using var connection = await RawConnection.OpenAsync(gateway.Url);
        await connection.SendAsync(Head(path, type, "Content-Length: 100\r\n") + "{");

        Assert.Equal(408, await gateway.WhileTimeGoesOnAsync(connection.ReadAnswerAsync(), clock, TimeSpan.FromSeconds(seconds)));
        Assert.Equal("close", connection.Headers["Connection"]);
        Assert.True(await connection.IsClosedAsync());
        AssertNoStack(gateway);
        Assert.Single(gateway.Log.Split('\n'), line => line.Contains("did not arrive in time", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("POST", "/v1/chat/completions", "Authorization: Bearer wrong", 401)]
    [InlineData("POST", "/nowhere", "", 404)]
    [InlineData("PUT", "/v1/models", "", 405)]
    [InlineData("POST", "/v1//models", "", 400)]
    [InlineData("POST", "/api/v1/runs/none/cancel", "", 404)]
    [InlineData("POST", "/health", "", 405)]
    [InlineData("GET", "/health", "", 200)]
    public async Task An_answer_that_leaves_a_body_unread_says_that_the_connection_ends(
        string method, string path, string header, int status)
    {
        await using var gateway = await GatewayHost.StartAsync(azurite.StorageAccount);
        var line = header.Length > 0 ? header : $"Authorization: Bearer {GatewayHost.Token}";
        foreach (var size in (int[])[10, 1_000_000])
        {
            foreach (var isChunked in (bool[])[false, true])
            {
                var framing = isChunked ? Chunked : $"Content-Length: {size}\r\n";
                var body = isChunked ? $"{size.ToString("x", CultureInfo.InvariantCulture)}\r\n{new string(' ', size)}\r\n0\r\n\r\n"
                    : new string(' ', size);
                using var connection = await RawConnection.OpenAsync(gateway.Url);
                await connection.SendAsync($"{method} {path} HTTP/1.1\r\nHost: localhost\r\n{line}\r\n{framing}\r\n");
                var answer = connection.ReadAnswerAsync();
                await Record.ExceptionAsync(() => connection.SendAsync($"{body}GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n"));

                Assert.Equal(status, await answer);
                Assert.Equal("close", connection.Headers["Connection"]);
                Assert.True(await connection.IsClosedAsync()); // and the request behind the body has no answer
            }
        }

        AssertNoStack(gateway);
    }

    [Theory]
    [InlineData(false, 4)]
    [InlineData(true, 4)]
    [InlineData(true, 2)] // more than the limit, and not so much that the server itself ends the request
    public async Task A_body_that_is_too_large_is_413_and_ends_the_connection(bool isChunked, int parts)
    {
        await using var gateway = await GatewayHost.StartAsync(
            azurite.StorageAccount, c => c.Gateway.Http.Endpoints.ChatCompletions.MaxBodyBytes = 190_000);
        using var connection = await RawConnection.OpenAsync(gateway.Url);
        await connection.SendAsync(Head("/v1/chat/completions", "application/json", isChunked ? Chunked : "Content-Length: 400000\r\n"));
        var answer = connection.ReadAnswerAsync();
        var part = (isChunked ? "186a0\r\n" : "") + new string(' ', 100_000) + (isChunked ? "\r\n" : "");
        for (var i = 0; i < parts; i++)
        {
            await Record.ExceptionAsync(() => connection.SendAsync(part));
        }

        Assert.Equal(413, await answer);
        Assert.Equal("close", connection.Headers["Connection"]);
        Assert.True(await connection.IsClosedAsync());
        AssertNoStack(gateway);
    }

    [Fact]
    public async Task A_body_that_is_read_keeps_its_connection()
    {
        await using var gateway = await GatewayHost.StartAsync(azurite.StorageAccount);
        using var connection = await RawConnection.OpenAsync(gateway.Url);
        const string body = """{"model":"openclaw","messages":[{"role":"user","content":"hi"}]}""";
        foreach (var (path, type, status) in ((string, string, int)[])[
            ("/v1/chat/completions", "application/json", 200), ("/v1/messages", "application/json", 400),
            ("/api/media", "text/plain", 201)])
        {
            await connection.SendAsync(Head(path, type, $"Content-Length: {body.Length}\r\n") + body);

            Assert.Equal((path, status), (path, await connection.ReadAnswerAsync()));
            Assert.DoesNotContain("Connection", connection.Headers.Keys);
        }
    }

    private static string Head(string path, string type, string headers) =>
        $"POST {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {GatewayHost.Token}\r\nContent-Type: {type}\r\n{headers}\r\n";

    private static void AssertNoStack(GatewayHost gateway)
    {
        Assert.False(
            gateway.Log.Contains("   at ", StringComparison.Ordinal) || gateway.Log.Contains("Exception", StringComparison.Ordinal),
            gateway.Log);
    }
}
