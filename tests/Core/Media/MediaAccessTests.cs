using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using OpenClaw.Storage;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Gateways;
using Xunit;
using static OpenClaw.Tests.Support.Gateways.ApiKeyGateway;
using static OpenClaw.Tests.Support.Gateways.MediaGateway;

namespace OpenClaw.Tests.Core.Media;

/// <summary>Who reaches which stored files, and by what.</summary>
public class MediaAccessTests(AzuriteFixture azurite)
{
    [Theory]
    [InlineData("../x")]
    [InlineData("%2e%2e%2f")]
    [InlineData("C:\\")]
    [InlineData("C:%5C")]
    [InlineData("/proc/self/environ")]
    [InlineData("%2Fproc%2Fself%2Fenviron")]
    [InlineData("file:///etc/passwd")]
    [InlineData("file:%2F%2F%2Fetc%2Fpasswd")]
    [InlineData("%00")]
    [InlineData("media_%00")]
    [InlineData("a%23b")]
    [InlineData("a%3Fb")]
    [InlineData("%2F")]
    [InlineData("media_AAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("media_AAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("media_AAAAAAAAAAAAAAAAAAAAAAA-")]
    [InlineData("media_AAAAAAAAAAAAAAAAAAAAAAAA%0A")]
    [InlineData("media_AAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("1KB")]
    [Trait("Feature", "T24")]
    public async Task Whatever_is_no_id_is_not_found_and_does_not_reach_storage(string id)
    {
        await using var network = await FaultProxy.StartAsync(azurite.ConnectionString);
        using var account = StorageAccount.Parse(network.ConnectionString);
        await using var gateway = await MediaGateway.StartAsync(account);
        id = id == "1KB" ? new string('a', 1024) : id;
        var asked = new ConcurrentBag<string>();
        network.Watch(call =>
        {
            asked.Add(call.Path);
            return false;
        });
        foreach (var path in new[] { $"/media/{id}", $"/api/media/{id}", $"/v1/files/{id}", $"/v1/files/{id}/content",
            $"/media/{id}?ticket=1.a" })
        {
            Assert.Contains(await StatusOfRawTargetAsync(gateway, path), new[] { 400, 404 });
        }

        var tables = asked.Where(p => p.Contains("media", StringComparison.Ordinal)).ToList();
        Assert.All(tables, p => Assert.Contains("media(PartitionKey='media_AAAAAAAAAAAAAAAAAAAAAAAA'", p, StringComparison.Ordinal));
        Assert.DoesNotContain(asked, p => p.Contains("-media/", StringComparison.Ordinal));
    }

    [Fact]
    [Trait("Feature", "F30")]
    public async Task A_file_of_one_key_is_to_another_as_if_it_never_was()
    {
        await using var gateway = await MediaGateway.StartAsync(azurite.StorageAccount);
        var (_, ann) = await gateway.CreateKeyAsync(Writer);
        var (_, bob) = await gateway.CreateKeyAsync(Writer);
        var id = (await gateway.UploadAsync(bearer: ann)).Id();
        var missing = id[..^4] + "none";
        foreach (var (method, path) in new[] { ("GET", "/media/"), ("HEAD", "/media/"), ("GET", "/api/media/"), ("DELETE", "/api/media/"), (
            "GET", "/v1/files/"), ("DELETE", "/v1/files/") })
        {
            using var others = await gateway.SendAsync(new HttpMethod(method), path + id, bob);
            using var unknown = await gateway.SendAsync(new HttpMethod(method), path + missing, bob);
            Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound), (others.StatusCode, unknown.StatusCode));
            Assert.Equal((await unknown.Content.ReadAsStringAsync()).Replace(
                missing, id, StringComparison.Ordinal), await others.Content.ReadAsStringAsync());
        }

        Assert.Equal(0, await CountAsync("/api/media", bob));
        Assert.Equal(1, await CountAsync("/api/media", ann));
        Assert.Equal(0, await CountAsync("/api/media", GatewayHost.Token));
        using var own = await gateway.SendAsync(HttpMethod.Get, "/media/" + id, ann);
        using var master = await gateway.SendAsync(HttpMethod.Get, "/media/" + id, GatewayHost.Token);
        using var removed = await gateway.SendAsync(HttpMethod.Delete, "/api/media/" + id, ann);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.NoContent), (
            own.StatusCode, master.StatusCode, removed.StatusCode));

        async Task<int> CountAsync(string path, string bearer)
        {
            using var answer = await gateway.SendAsync(HttpMethod.Get, path, bearer);
            return (await answer.ReadDataAsync()).GetProperty("media").GetArrayLength();
        }
    }

    [Fact]
    public async Task A_list_goes_from_new_to_old_page_by_page()
    {
        var clock = Clock();
        await using var gateway = await MediaGateway.StartAsync(azurite.StorageAccount, clock);
        var ids = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            ids.Insert(0, (await gateway.UploadAsync(query: i == 2 ? "?ttlSeconds=2" : "")).Id());
            clock.Advance(TimeSpan.FromSeconds(1));
        }

        ids.RemoveAt(2); // has expired
        var seen = new List<string>();
        var cursor = "";
        for (var pages = 0; pages < 2; pages++)
        {
            var page = await gateway.GetDataAsync($"/api/media?limit=2{cursor}");
            seen.AddRange(page.GetProperty("media").EnumerateArray().Select(m => m.Id()));
            Assert.Equal(pages == 0, page.TryGetProperty("nextCursor", out var next));
            cursor = pages == 0 ? "&cursor=" + Uri.EscapeDataString(next.GetString()!) : "";
        }

        Assert.Equal(ids, seen);
        using var wrong = await gateway.Client.GetAsync("/api/media?cursor=x");
        Assert.Equal((HttpStatusCode.BadRequest, "INVALID_VALUE"), await wrong.ReadFailureAsync());
    }

    [Theory]
    [InlineData("operator.read", HttpStatusCode.Forbidden, HttpStatusCode.OK)]
    [InlineData("operator.talk", HttpStatusCode.Forbidden, HttpStatusCode.Forbidden)]
    [InlineData("operator.write", HttpStatusCode.Created, HttpStatusCode.OK)]
    public async Task Scopes_decide_about_reading_and_writing(string scope, HttpStatusCode write, HttpStatusCode read)
    {
        await using var gateway = await MediaGateway.StartAsync(azurite.StorageAccount);
        var (_, key) = await gateway.CreateKeyAsync($$"""{"name":"k","scopes":["{{scope}}"]}""");
        using var upload = await gateway.Client.SendAsync(Raw(Png, bearer: key));
        using var list = await gateway.SendAsync(HttpMethod.Get, "/api/media", key);

        Assert.Equal((write, read), (upload.StatusCode, list.StatusCode));
    }

    /// <summary>Sends the path as it is, which HttpClient would tidy up.</summary>
    private static async Task<int> StatusOfRawTargetAsync(GatewayHost gateway, string target)
    {
        var url = new Uri(gateway.Url);
        using var socket = new TcpClient(url.Host, url.Port);
        await using var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"GET {target} HTTP/1.1\r\nHost: gateway\r\nAuthorization: Bearer {GatewayHost.Token}\r\nConnection: close\r\n\r\n"));
        using var reader = new StreamReader(stream);
        return int.Parse((await reader.ReadLineAsync())!.Split(' ')[1], CultureInfo.InvariantCulture);
    }
}
