using System.Net;
using System.Security.Cryptography;
using System.Text;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Gateways;
using Xunit;
using static OpenClaw.Tests.Support.Gateways.MediaGateway;

namespace OpenClaw.Tests.Core.Media;

/// <summary>Files that callers leave: how they come in, and what is refused.</summary>
public class MediaStoreTests(AzuriteFixture azurite)
{
    [Theory]
    [InlineData(false, 33)]
    [InlineData(true, 33)]
    [InlineData(false, 200_000)]
    [InlineData(false, 9_000_000)] // more than a block
    [InlineData(true, 9_000_000)]
    [Trait("Feature", "F10")]
    public async Task A_body_comes_back_as_it_was_sent(bool chunked, int size)
    {
        await using var gateway = await MediaGateway.StartAsync(azurite.StorageAccount);
        var content = Bytes(size);
        using var answer = await gateway.Client.SendAsync(Raw(content, disposition: "attachment; filename=\"cat.png\"", chunked: chunked));
        var media = await answer.ReadDataAsync();
        using var read = await gateway.Client.GetAsync(media.Text("url"));

        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        Assert.Equal(media.Text("url"), answer.Headers.Location?.ToString());
        Assert.Matches(@"\Amedia_[A-Za-z0-9]{24}\z", media.Id());
        Assert.Equal($"/media/{media.Id()}", media.Text("url"));
        Assert.Equal(("cat.png", "image/png", size), (
            media.Text("filename"), media.Text("contentType"), media.GetProperty("bytes").GetInt64()));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(content)), media.Text("sha256"));
        Assert.Equal(TimeSpan.FromDays(1), media.GetProperty("expiresAt").GetDateTimeOffset() - media.GetProperty(
            "createdAt").GetDateTimeOffset());
        Assert.Equal(content, await read.Content.ReadAsByteArrayAsync());
        Assert.Equal("image/png", read.Content.Headers.ContentType?.ToString());
    }

    [Theory]
    [InlineData(33)]
    [InlineData(9_000_000)]
    [Trait("Feature", "F10")]
    public async Task A_form_with_one_file_is_taken_as_browsers_send_it(int size)
    {
        await using var gateway = await MediaGateway.StartAsync(
            azurite.StorageAccount, configure: c => c.Gateway.PublicUrl = "https://gw.example.com/base/");
        var content = Bytes(size);
        using var client = new MultipartFormDataContent
        {
            { new StringContent("ignored"), "note" },
            { new ByteArrayContent(content), "file", "Käse 1.png" },
        };
        using var answer = await gateway.Client.PostAsync("/api/media?ttlSeconds=60", client);
        var media = await answer.ReadDataAsync();

        Assert.Equal($"https://gw.example.com/base/media/{media.Id()}", media.Text("url"));
        Assert.Equal(("Käse 1.png", "image/png"), (media.Text("filename"), media.Text("contentType")));
        Assert.Equal(TimeSpan.FromMinutes(1), media.GetProperty("expiresAt").GetDateTimeOffset() - media.GetProperty(
            "createdAt").GetDateTimeOffset());
        Assert.Equal(content, await gateway.Client.GetByteArrayAsync($"/media/{media.Id()}"));
    }

    [Fact]
    [Trait("Feature", "F10")]
    public async Task Forms_that_are_not_one_file_are_refused_and_leave_nothing()
    {
        await using var gateway = await MediaGateway.StartAsync(azurite.StorageAccount);
        var (file, note) = (FilePart(Png), Field("note", "x"));
        var broken = Raw("--bound\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\nabc"u8.ToArray(),
            "multipart/form-data; boundary=bound");
        foreach (var (request, code) in new[]
        {
            (Form("/api/media", note), "MISSING_REQUIRED_PARAMETER"),
            (Form("/api/media", file, note, file), "INVALID_REQUEST"),
            (Form("/api/media", [.. Enumerable.Range(0, 40).Select(i => Field($"note{i}", "x"))]), "INVALID_MULTIPART"),
            (Form("/api/media", note, file, Field("note", "y")), "DUPLICATE_KEY"),
            (Form("/api/media", Field("note", new string('x', 5000)), file), "INVALID_MULTIPART"),
            (Form("/api/media", ("X-Other: 1", [1])), "INVALID_MULTIPART"),
            (Form("/api/media", FilePart([])), "EMPTY_FILE"),
            (broken, "INVALID_MULTIPART"),
            (Raw(Png, "multipart/form-data"), "INVALID_MULTIPART"),
            (Raw(Png, "multipart/form-data; boundary=" + new string('b', 71)), "INVALID_MULTIPART"),
        })
        {
            using var answer = await gateway.Client.SendAsync(request);
            Assert.Equal((HttpStatusCode.BadRequest, code), await answer.ReadFailureAsync());
        }

        var (rows, blobs) = await gateway.StoredAsync();
        Assert.Empty(blobs);
        Assert.All(rows, r => Assert.EndsWith("|usage", r, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("image/png", "image/png")]
    [InlineData("IMAGE/PNG; q=1", "image/png")]
    [InlineData(null, "image/png")]
    [InlineData("application/octet-stream", "image/png")]
    [InlineData("application/x-www-form-urlencoded", "image/png")] // what curl says by itself
    [InlineData("image/x-png", "image/png")]
    [InlineData("image/jpeg", null)]
    [InlineData("text/plain", null)]
    [InlineData("application/pdf", null)]
    [InlineData("application/json", null)]
    [InlineData("application/x-own", null)]
    public async Task A_declared_type_must_be_that_of_the_content(string? declared, string? stored)
    {
        await using var gateway = await MediaGateway.StartAsync(azurite.StorageAccount);
        using var answer = await gateway.Client.SendAsync(Raw(Png, declared));
        if (stored is null)
        {
            Assert.Equal((HttpStatusCode.BadRequest, "MEDIA_TYPE_MISMATCH"), await answer.ReadFailureAsync());
        }
        else
        {
            Assert.Equal(stored, (await answer.ReadDataAsync()).Text("contentType"));
        }
    }

    [Theory]
    [InlineData("text/plain", "plain", true)]
    [InlineData("text/csv; charset=iso-8859-1", "a,b", true)]
    [InlineData("image/svg+xml", "<svg/>", true)]
    [InlineData("application/x-own", "\u0001\0x", true)]
    [InlineData("text/plain", "so far so good, and then \0", false)]
    [InlineData("application/json", "{\"a\":\"\0\"}", false)]
    [InlineData("image/png", "no picture", false)]
    [InlineData("application/zip", "no archive", false)]
    public async Task Text_is_what_was_declared_unless_it_is_binary(string declared, string content, bool taken)
    {
        await using var gateway = await MediaGateway.StartAsync(azurite.StorageAccount);
        using var answer = await gateway.Client.SendAsync(Raw(Encoding.UTF8.GetBytes(content), declared));
        Assert.Equal(taken ? HttpStatusCode.Created : HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(taken ? 1 : 0, (await gateway.StoredAsync()).Blobs.Count);
    }

    [Fact]
    public async Task Only_types_of_the_list_are_taken_where_there_is_one()
    {
        await using var gateway = await MediaGateway.StartAsync(
            azurite.StorageAccount, configure: c => c.Gateway.Http.Media.AllowedMimes = ["image/jpg", "text/plain"]);
        using var png = await gateway.Client.SendAsync(Raw(Png));
        using var text = await gateway.Client.SendAsync(Raw("x"u8.ToArray(), "text/plain"));
        using var jpeg = await gateway.Client.SendAsync(Raw([0xff, 0xd8, 0xff, 0xe0, 1], "image/jpeg"));

        Assert.Equal((HttpStatusCode.UnsupportedMediaType, "UNSUPPORTED_MEDIA_TYPE"), await png.ReadFailureAsync());
        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.Created), (text.StatusCode, jpeg.StatusCode));
    }

    [Theory]
    [InlineData(1000, false, HttpStatusCode.Created)]
    [InlineData(1000, true, HttpStatusCode.Created)]
    [InlineData(1001, false, HttpStatusCode.RequestEntityTooLarge)]
    [InlineData(1001, true, HttpStatusCode.RequestEntityTooLarge)]
    [InlineData(200_000, true, HttpStatusCode.RequestEntityTooLarge)]
    public async Task A_file_may_be_as_large_as_configured_however_it_is_sent(int size, bool chunked, HttpStatusCode status)
    {
        await using var gateway = await MediaGateway.StartAsync(
            azurite.StorageAccount, configure: c => c.Gateway.Http.Media.MaxBytes = 1000);
        using var raw = await gateway.Client.SendAsync(Raw(Bytes(size), chunked: chunked));
        using var form = await gateway.Client.SendAsync(Form("/api/media", FilePart(Bytes(size))));

        Assert.Equal((status, status), (raw.StatusCode, form.StatusCode));
        if (status != HttpStatusCode.Created)
        {
            Assert.Equal("PAYLOAD_TOO_LARGE", (await raw.ReadFailureAsync()).Code);
            Assert.Empty((await gateway.StoredAsync()).Blobs);
        }
    }

    [Theory]
    [InlineData("?ttlSeconds=0")]
    [InlineData("?ttlSeconds=604801")]
    [InlineData("?ttlSeconds=-1")]
    [InlineData("?ttlSeconds=soon")]
    public async Task A_time_to_live_outside_its_bounds_is_refused(string query)
    {
        await using var gateway = await MediaGateway.StartAsync(azurite.StorageAccount);
        using var answer = await gateway.Client.SendAsync(Raw(Png, path: "/api/media" + query));
        Assert.Equal((HttpStatusCode.BadRequest, "INVALID_VALUE"), await answer.ReadFailureAsync());
    }

    [Fact]
    public async Task Compressed_and_empty_bodies_are_refused()
    {
        await using var gateway = await MediaGateway.StartAsync(azurite.StorageAccount);
        using var packed = Raw(Png);
        packed.Content!.Headers.ContentEncoding.Add("gzip");
        using var compressed = await gateway.Client.SendAsync(packed);
        using var empty = await gateway.Client.SendAsync(Raw([]));

        Assert.Equal((HttpStatusCode.UnsupportedMediaType, "UNSUPPORTED_MEDIA_TYPE"), await compressed.ReadFailureAsync());
        Assert.Equal((HttpStatusCode.BadRequest, "EMPTY_FILE"), await empty.ReadFailureAsync());
    }

    [Theory]
    [InlineData("attachment; filename=\"../../etc/passwd\"", "passwd")]
    [InlineData("attachment; filename=\"C:\\\\Windows\\\\win.ini\"", "win.ini")]
    [InlineData("attachment; filename=plain.txt", "plain.txt")]
    [InlineData("attachment; filename=\"fallback.txt\"; filename*=UTF-8''%e2%82%ac.txt", "€.txt")]
    [InlineData("attachment; filename*=UTF-8''a%0d%0aSet-Cookie%3a%20x%22.txt", "aSet-Cookie_ x_.txt")]
    [InlineData("attachment; filename*=UTF-8''gpj.%E2%80%AEexe.png", "gpj.exe.png")]
    [InlineData("attachment; filename=\"..\"", "file.txt")]
    [InlineData("attachment", "file.txt")]
    [InlineData(null, "file.txt")]
    [Trait("Feature", "T24")]
    public async Task File_names_are_names_and_never_paths(string? disposition, string name)
    {
        await using var gateway = await MediaGateway.StartAsync(azurite.StorageAccount);
        var media = await gateway.UploadAsync(Raw("x"u8.ToArray(), "text/plain", disposition: disposition));
        using var read = await gateway.Client.GetAsync($"/media/{media.Id()}");

        Assert.Equal(name, media.Text("filename"));
        Assert.Equal(name, read.Content.Headers.ContentDisposition?.FileNameStar);
        Assert.Equal("attachment", read.Content.Headers.ContentDisposition?.DispositionType);
        Assert.Equal([media.Id()], (await gateway.StoredAsync()).Blobs);
    }

    [Fact]
    public async Task Switched_off_it_is_not_there()
    {
        await using var gateway = await MediaGateway.StartAsync(
            azurite.StorageAccount, configure: c => c.Gateway.Http.Media.Enabled = false);
        using var upload = await gateway.Client.SendAsync(Raw(Png));
        using var list = await gateway.Client.GetAsync("/v1/files");

        Assert.Equal((HttpStatusCode.NotFound, "ENDPOINT_DISABLED"), await upload.ReadFailureAsync());
        Assert.Equal("endpoint_disabled", (await list.ReadErrorAsync()).Code);
    }
}
