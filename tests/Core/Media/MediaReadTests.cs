using System.Globalization;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using OpenClaw.Media;
using OpenClaw.Media.Files;
using OpenClaw.Security;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Gateways;
using Xunit;
using static OpenClaw.Tests.Support.Gateways.ApiKeyGateway;
using static OpenClaw.Tests.Support.Gateways.MediaGateway;

namespace OpenClaw.Tests.Core.Media;

/// <summary>How stored files are served: ranges, conditions, tickets, and headers that keep them from running.</summary>
public class MediaReadTests(AzuriteFixture azurite)
{
    private const int Size = 100_000;

    [Theory]
    [InlineData("bytes=0-0", 0, 1)]
    [InlineData("bytes=10-19", 10, 10)]
    [InlineData("bytes=99990-", 99_990, 10)]
    [InlineData("bytes=-5", 99_995, 5)]
    [InlineData("bytes=99990-200000", 99_990, 10)]
    [InlineData("bytes=0-", 0, Size)]
    [InlineData("bytes=-200000", 0, Size)]
    [Trait("Feature", "F10")]
    public async Task A_range_is_served_as_asked(string range, int from, int length)
    {
        await using var gateway = await MediaGateway.StartAsync(azurite.StorageAccount);
        var content = Bytes(Size);
        var media = await gateway.UploadAsync(content);
        using var answer = await GetAsync(gateway, media, ("Range", range));

        Assert.Equal(HttpStatusCode.PartialContent, answer.StatusCode);
        Assert.Equal(content.AsSpan(from, length).ToArray(), await answer.Content.ReadAsByteArrayAsync());
        Assert.Equal(string.Create(
            CultureInfo.InvariantCulture, $"bytes {from}-{from + length - 1}/{Size}"), answer.Content.Headers.ContentRange?.ToString());
        Assert.Equal(length, answer.Content.Headers.ContentLength);
    }

    [Theory]
    [InlineData("bytes=100000-", HttpStatusCode.RequestedRangeNotSatisfiable)]
    [InlineData("bytes=200000-300000", HttpStatusCode.RequestedRangeNotSatisfiable)]
    [InlineData("bytes=-0", HttpStatusCode.RequestedRangeNotSatisfiable)]
    [InlineData("bytes=5-2", HttpStatusCode.OK)] // malformed: as if there were none
    [InlineData("bytes=x", HttpStatusCode.OK)]
    [InlineData("lines=0-1", HttpStatusCode.OK)]
    [InlineData("bytes=0-1,4-5", HttpStatusCode.OK)] // several: the whole
    [Trait("Feature", "F10")]
    public async Task Other_ranges_are_refused_or_ignored(string range, HttpStatusCode status)
    {
        await using var gateway = await MediaGateway.StartAsync(azurite.StorageAccount);
        var media = await gateway.UploadAsync(Bytes(Size));
        using var answer = await GetAsync(gateway, media, ("Range", range));

        Assert.Equal(status, answer.StatusCode);
        Assert.Equal(status == HttpStatusCode.OK ? Size : 0, (await answer.Content.ReadAsByteArrayAsync()).Length);
        Assert.Equal(status == HttpStatusCode.OK ? null : "bytes */100000", answer.Content.Headers.ContentRange?.ToString());
    }

    [Fact]
    [Trait("Feature", "F10")]
    public async Task Conditions_are_kept_and_HEAD_says_the_same_without_the_bytes()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero)); // dates to come are no conditions
        await using var gateway = await MediaGateway.StartAsync(azurite.StorageAccount, clock);
        var media = await gateway.UploadAsync(Bytes(Size), query: "?ttlSeconds=1000");
        clock.Advance(TimeSpan.FromSeconds(100));
        using var plain = await GetAsync(gateway, media);
        var etag = plain.Headers.ETag!.ToString();
        Assert.Equal($"\"{media.Text("sha256")}\"", etag);
        Assert.Equal((true, TimeSpan.FromSeconds(900)), (plain.Headers.CacheControl?.Private, plain.Headers.CacheControl?.MaxAge));
        Assert.Equal(clock.GetUtcNow().AddSeconds(-100), plain.Content.Headers.LastModified);
        Assert.Equal("bytes", plain.Headers.AcceptRanges.ToString());
        var modified = plain.Content.Headers.LastModified!.Value.ToString("R", CultureInfo.InvariantCulture);
        foreach (var (status, headers) in new (int, (string, string)[])[]
        {
            (304, [("If-None-Match", etag)]),
            (304, [("If-None-Match", "W/" + etag)]),
            (304, [("If-None-Match", "\"x\", " + etag)]),
            (304, [("If-None-Match", "*")]),
            (304, [("If-Modified-Since", modified)]),
            (200, [("If-None-Match", "\"x\"")]),
            (200, [("If-None-Match", "\"x\""), ("If-Modified-Since", modified)]),
            (412, [("If-Match", "\"x\"")]),
            (206, [("If-Range", etag), ("Range", "bytes=0-1")]),
            (200, [("If-Range", "\"x\""), ("Range", "bytes=0-1")]),
            (200, [("If-Range", "W/" + etag), ("Range", "bytes=0-1")]),
        })
        {
            using var answer = await GetAsync(gateway, media, headers);
            Assert.Equal((status, string.Join(' ', headers)), ((int)answer.StatusCode, string.Join(' ', headers)));
            Assert.Equal(status switch { 200 => Size, 206 => 2, _ => 0 }, (await answer.Content.ReadAsByteArrayAsync()).Length);
        }

        using var head = await gateway.SendAsync(HttpMethod.Head, media.Text("url"), GatewayHost.Token);
        Assert.Equal((HttpStatusCode.OK, Size, etag), (head.StatusCode, head.Content.Headers.ContentLength, head.Headers.ETag?.ToString()));
        Assert.Empty(await head.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    [Trait("Feature", "F10")]
    public async Task A_ticket_opens_its_file_for_its_time_and_nothing_else_on_every_instance()
    {
        var clock = Clock();
        await using var one = await MediaGateway.StartAsync(azurite.StorageAccount, clock);
        await using var two = await MediaGateway.StartAsync(azurite.StorageAccount, clock, prefix: one.Prefix);
        var media = await one.UploadAsync();
        var other = await one.UploadAsync();
        var (url, id) = (media.Text("ticketUrl"), media.Id());
        var ticket = url[(url.IndexOf('=', StringComparison.Ordinal) + 1)..];
        Assert.Equal($"/media/{id}?ticket={ticket}", url);

        using var open = await two.GetOpenlyAsync(url);
        Assert.Equal((HttpStatusCode.OK, "no-referrer"), (open.StatusCode, open.Headers.GetValues("Referrer-Policy").Single()));
        var until = ticket.Split('.')[0];
        var later = (long.Parse(until, CultureInfo.InvariantCulture) + 1).ToString(CultureInfo.InvariantCulture);
        foreach (var path in new[]
        {
            $"/media/{id}", $"/media/{id}?ticket=", $"/media/{other.Id()}?ticket={ticket}",
                $"/media/{id}?ticket={later}{ticket[until.Length..]}",
            $"/media/{id}?ticket={ticket[..^1]}{(ticket[^1] == '0' ? '1' : '0')}", $"/media/{id}?ticket={until}.",
                $"/media/{id}?ticket={until}",
            $"/media/{id}?ticket={ticket}&ticket={ticket}", $"/media/{id}?ticket=-{ticket}", $"/api/media/{id}?ticket={ticket}",
                $"/api/media?ticket={ticket}",
            $"/v1/files/{id}/content?ticket={ticket}", $"/media/{id[..^1]}?ticket={ticket}",
        })
        {
            using var refused = await two.GetOpenlyAsync(path);
            Assert.Equal((HttpStatusCode.Unauthorized, path), (refused.StatusCode, path));
        }

        clock.Advance(TimeSpan.FromSeconds(299));
        Assert.Equal(HttpStatusCode.OK, (await two.GetOpenlyAsync(url)).StatusCode);
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(HttpStatusCode.Unauthorized, (await two.GetOpenlyAsync(url)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await two.Client.GetAsync(url)).StatusCode); // credentials still count
        var fresh = (await two.GetDataAsync($"/api/media/{id}")).Text("ticketUrl");
        Assert.Equal(HttpStatusCode.OK, (await one.GetOpenlyAsync(fresh)).StatusCode);
        Assert.DoesNotContain(ticket, one.Log + two.Log, StringComparison.Ordinal);
        await two.Client.DeleteAsync($"/api/media/{id}");
        Assert.Equal(HttpStatusCode.NotFound, (await one.GetOpenlyAsync(fresh)).StatusCode);
    }

    [Fact]
    public async Task A_ticket_is_no_proof_of_the_gateway_to_itself_and_the_other_way_round()
    {
        await using var gateway = await MediaGateway.StartAsync(azurite.StorageAccount);
        var media = await gateway.UploadAsync();
        var path = "/media/" + media.Id();
        var proof = await gateway.Services.GetRequiredService<InternalSecret>().CreateTicketAsync(
            path, TestContext.Current.CancellationToken);
        using var asTicket = await gateway.GetOpenlyAsync($"{path}?ticket={proof}");
        Assert.Equal(HttpStatusCode.Unauthorized, asTicket.StatusCode);

        var ticket = media.Text("ticketUrl").Split('=')[1];
        Assert.False(await gateway.Services.GetRequiredService<InternalSecret>().IsValidAsync(
            ticket, path, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("image/svg+xml", "<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>", "application/octet-stream")]
    [InlineData("text/html", "<script>alert(1)</script>", "application/octet-stream")]
    [InlineData("text/html; charset=utf-7", "+ADw-script+AD4-", "application/octet-stream")]
    [InlineData("application/xhtml+xml", "<html/>", "application/octet-stream")]
    [InlineData("text/xml", "<?xml version=\"1.0\"?><x/>", "application/octet-stream")]
    [InlineData("text/javascript", "alert(1)", "application/octet-stream")]
    [InlineData("text/css", "a{}", "application/octet-stream")]
    [InlineData("application/x-shockwave-flash", "FWS", "application/octet-stream")]
    [InlineData("multipart/related", "x", "application/octet-stream")]
    [InlineData(null, "<html><script>alert(1)</script>", "application/octet-stream")]
    [InlineData("text/plain", "<html><script>alert(1)</script>", "text/plain; charset=utf-8")]
    [InlineData("text/csv; charset=ISO-8859-1", "a", "text/csv; charset=iso-8859-1")]
    [InlineData("text/plain; charset=\"x\ty\"", "a", "text/plain; charset=utf-8")]
    [InlineData("application/pdf", "%PDF-1.7 <script>", "application/pdf")]
    [Trait("Feature", "T33")]
    public async Task Content_that_a_browser_could_run_is_served_as_a_plain_download(string? declared, string content, string served)
    {
        await using var gateway = await MediaGateway.StartAsync(azurite.StorageAccount);
        var media = await gateway.UploadAsync(
            Raw(System.Text.Encoding.UTF8.GetBytes(content), declared, path: "/api/media?filename=x.html"));
        using var ticket = await gateway.GetOpenlyAsync(media.Text("ticketUrl"));
        using var files = await gateway.Client.GetAsync($"/v1/files/{media.Id()}/content");
        foreach (var answer in new[] { ticket, files })
        {
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Equal(served, answer.Content.Headers.ContentType?.ToString());
            Assert.Equal("attachment", answer.Content.Headers.ContentDisposition?.DispositionType);
            AssertSafe(answer);
        }
    }

    [Fact]
    [Trait("Feature", "T33")]
    public async Task Images_are_shown_in_place_under_the_same_guard()
    {
        await using var gateway = await MediaGateway.StartAsync(azurite.StorageAccount);
        using var answer = await GetAsync(gateway, await gateway.UploadAsync());

        Assert.Equal(("inline", "image/png"), (
            answer.Content.Headers.ContentDisposition?.DispositionType, answer.Content.Headers.ContentType?.ToString()));
        AssertSafe(answer);
    }

    [Fact]
    public async Task Inside_the_gateway_a_file_is_saved_read_and_deleted_without_http()
    {
        await using var gateway = await MediaGateway.StartAsync(
            azurite.StorageAccount, configure: c => c.Gateway.Http.Media.MaxTtlSeconds = 100_000);
        var store = gateway.Services.GetRequiredService<MediaStore>();
        var stop = TestContext.Current.CancellationToken;
        var owner = new Caller("user:ann", Scope.Default, IsIdentity: true, IsOwner: true);
        var other = owner with { Subject = "user:bob" };
        var item = await store.SaveAsync("user:ann", new ReadOnlyMemory<byte>(Png), null, "made.png", TimeSpan.FromDays(30), stop);
        var streamed = await store.SaveAsync("", new MemoryStream(Bytes(Size)), "image/png", null, null, stop);

        Assert.Equal(("image/png", "made.png", Png.Length, TimeSpan.FromSeconds(100_000)), (
            item.ContentType, item.FileName, item.Bytes, item.ExpiresAt - item.CreatedAt));
        Assert.Equal(("operator", "file.png", Size), (streamed.Owner, streamed.FileName, streamed.Bytes));
        Assert.Equal(item.Id, (await store.FindAsync(item.Id, owner, stop))?.Id);
        Assert.Null(await store.FindAsync(item.Id, other, stop));
        Assert.Null(await store.ReadAsync(streamed.Id, owner, long.MaxValue, stop));
        Assert.Equal(Png, (await store.ReadAsync(item.Id, owner, Png.Length, stop))!.Value.Content);
        Assert.Equal(MediaException.TooLarge, (
            await Assert.ThrowsAsync<MediaException>(() => store.ReadAsync(item.Id, owner, Png.Length - 1, stop))).Code);
        Assert.False(await store.DeleteAsync(item.Id, other, stop));
        Assert.True(await store.DeleteAsync(item.Id, owner, stop));
        Assert.False(await store.DeleteAsync(item.Id, owner, stop));
        Assert.Null(await store.FindAsync(item.Id, owner, stop));
        Assert.Equal([streamed.Id], (await gateway.StoredAsync()).Blobs);
    }

    private static void AssertSafe(HttpResponseMessage answer)
    {
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("sandbox; default-src 'none'", answer.Headers.GetValues("Content-Security-Policy").Single());
        Assert.Equal("same-site", answer.Headers.GetValues("Cross-Origin-Resource-Policy").Single());
        Assert.True(answer.Headers.CacheControl?.Private);
    }

    private static async Task<HttpResponseMessage> GetAsync(
        GatewayHost gateway, System.Text.Json.JsonElement media, params (string, string)[] headers) =>
        await gateway.SendAsync(HttpMethod.Get, media.Text("url"), GatewayHost.Token, headers);
}
