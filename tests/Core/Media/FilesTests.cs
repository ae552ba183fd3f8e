using System.Net;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Gateways;
using Xunit;
using static OpenClaw.Tests.Support.Gateways.MediaGateway;

namespace OpenClaw.Tests.Core.Media;

/// <summary><c>/v1/files</c> as OpenAI's clients use it.</summary>
public class FilesTests(AzuriteFixture azurite)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Trait("Feature", "F10")]
    public async Task A_file_is_made_shown_read_and_deleted_in_its_words(bool fileFirst)
    {
        await using var gateway = await MediaGateway.StartAsync(azurite.StorageAccount);
        var (file, purpose, expiry) = (
            FilePart("hello"u8.ToArray(), "notes.txt", "text/plain"), Field("purpose", "user_data"), Field(
            "expires_after[seconds]", "3600"));
        using var made = await gateway.Client.SendAsync(
            fileFirst ? Form("/v1/files", file, purpose, expiry) : Form("/v1/files", purpose, expiry, file));
        var json = await made.ReadJsonAsync();
        var id = json.Id();
        var shown = await (await gateway.Client.GetAsync($"/v1/files/{id}")).ReadJsonAsync();
        using var content = await gateway.Client.GetAsync($"/v1/files/{id}/content");
        using var deleted = await gateway.Client.DeleteAsync($"/v1/files/{id}");
        using var gone = await gateway.Client.GetAsync($"/v1/files/{id}");

        Assert.Equal(HttpStatusCode.OK, made.StatusCode);
        Assert.Equal(("file", "notes.txt", "user_data", "processed"), (
            json.Text("object"), json.Text("filename"), json.Text("purpose"), json.Text("status")));
        Assert.Equal((5, 3600), (
            json.GetProperty("bytes").GetInt64(), json.GetProperty("expires_at").GetInt64() - json.GetProperty("created_at").GetInt64()));
        Assert.Equal(json.GetRawText(), shown.GetRawText());
        Assert.Equal("hello", await content.Content.ReadAsStringAsync());
        Assert.Equal($$"""{"id":"{{id}}","object":"file","deleted":true}""", await deleted.Content.ReadAsStringAsync());
        Assert.Equal((HttpStatusCode.NotFound, "media_not_found"), (gone.StatusCode, (await gone.ReadErrorAsync()).Code));
    }

    [Fact]
    public async Task Wrong_forms_are_refused_and_leave_nothing()
    {
        await using var gateway = await MediaGateway.StartAsync(azurite.StorageAccount);
        foreach (var (request, code, param) in new[]
        {
            (Form("/v1/files", FilePart(Png)), "missing_required_parameter", "purpose"),
            (Form("/v1/files", Field("purpose", "assistants")), "missing_required_parameter", "file"),
            (Form("/v1/files", FilePart(Png), Field("purpose", "a b")), "invalid_value", "purpose"),
            (Form("/v1/files", FilePart(Png), Field("purpose", "vision"), Field("expires_after[seconds]", "1e9")), "invalid_value",
                "expires_after[seconds]"),
            (Raw(Png, path: "/v1/files"), "unsupported_media_type", null),
        })
        {
            using var answer = await gateway.Client.SendAsync(request);
            var error = await answer.ReadErrorAsync();
            Assert.Equal((code, param), (error.Code, error.Param));
        }

        Assert.Empty((await gateway.StoredAsync()).Blobs);
        await gateway.UploadAsync(); // the container is there and the store works
        Assert.Single((await gateway.StoredAsync()).Blobs);
    }

    [Fact]
    public async Task The_list_goes_on_after_an_id()
    {
        var clock = Clock();
        await using var gateway = await MediaGateway.StartAsync(azurite.StorageAccount, clock);
        var ids = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            ids.Insert(0, (await gateway.UploadAsync()).Id());
            clock.Advance(TimeSpan.FromSeconds(1));
        }

        var first = await (await gateway.Client.GetAsync("/v1/files?limit=2")).ReadJsonAsync();
        var rest = await (await gateway.Client.GetAsync($"/v1/files?limit=2&after={ids[1]}")).ReadJsonAsync();
        using var unknown = await gateway.Client.GetAsync("/v1/files?after=../x");

        Assert.Equal(ids.Take(2), first.GetProperty("data").EnumerateArray().Select(f => f.Id()));
        Assert.Equal((true, ids[0], ids[1]), (first.GetProperty("has_more").GetBoolean(), first.Text("first_id"), first.Text("last_id")));
        Assert.Equal((false, ids[2]), (rest.GetProperty("has_more").GetBoolean(), rest.GetProperty("data")[0].Id()));
        Assert.Equal("media_not_found", (await unknown.ReadErrorAsync()).Code);
    }
}
