using System.Net;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Gateways;
using Xunit;

namespace OpenClaw.Tests.Hosts.FunctionsWorker;

/// <summary>Files through the real worker under the stand-in host.</summary>
public class MediaTests(AzuriteFixture azurite)
{
    [Fact]
    [Trait("Feature", "F10")]
    public async Task A_file_goes_in_and_comes_out_in_ranges_with_a_ticket()
    {
        await using var host = await FunctionsHost.StartAsync(environment: new Dictionary<string, string>
        {
            ["DataStorage"] = azurite.ConnectionString,
            ["OPENCLAW_GATEWAY_TOKEN"] = GatewayHost.Token,
            ["OPENCLAW__storage__prefix"] = AzuriteFixture.UniqueName()[..12],
        });
        var content = MediaGateway.Bytes(9_000_000);
        foreach (var chunked in new[] { false, true })
        {
            using var upload = MediaGateway.Raw(content, path: "/api/v1/media", chunked: chunked, bearer: GatewayHost.Token);
            upload.RequestUri = new Uri(host.BaseUrl, "/api/v1/media");
            using var answer = await host.Client.SendAsync(upload);
            var media = await answer.ReadDataAsync();
            using var range = new HttpRequestMessage(HttpMethod.Get, new Uri(host.BaseUrl, media.Text("ticketUrl")));
            range.Headers.TryAddWithoutValidation("Range", "bytes=4194300-4194400");
            using var part = await host.Client.SendAsync(range);
            using var head = await host.Client.SendAsync(
                new HttpRequestMessage(HttpMethod.Head, new Uri(host.BaseUrl, media.Text("ticketUrl"))));
            using var stranger = await host.Client.GetAsync(new Uri(host.BaseUrl, media.Text("url")));

            Assert.Equal(HttpStatusCode.PartialContent, part.StatusCode);
            Assert.Equal(content.AsSpan(4_194_300, 101).ToArray(), await part.Content.ReadAsByteArrayAsync());
            Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Unauthorized), (head.StatusCode, stranger.StatusCode));
        }
    }
}
