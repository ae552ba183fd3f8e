using System.Net;
using System.Net.Http.Headers;
using System.Text;
using OpenClaw.Tests.Core.Media;
using OpenClaw.Tests.Gateway.Responses;
using OpenClaw.Tests.Support;
using Xunit;

namespace OpenClaw.Tests.Packaging;

/// <summary>Each package unpacked into an empty folder and started from there, with nothing but what is in it.</summary>
[Collection(PackageTests.Name)]
public sealed class PackagedAppTests(PackagesFixture packages, AzuriteFixture azurite)
{
    [Fact]
    [Trait("Feature", "F10")]
    public async Task The_functions_package_serves_under_the_Functions_host()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        var folder = Unpack(PackagesFixture.Functions);
        var before = List(folder);
        await using var host = await FunctionsHost.StartAsync(Settings(upstream), folder);

        await AssertServesAsync(host.Client);
        await AssertReadsPdfAsync(host.Client, upstream);
        Assert.Equal(0, await host.TerminateAsync());
        Assert.Equal(before, List(folder));
    }

    [Fact]
    public async Task The_functions_package_serves_what_it_can_without_storage_and_configuration()
    {
        await using var host = await FunctionsHost.StartAsync(
            new Dictionary<string, string> { ["OPENCLAW__gateway__auth__mode"] = "no such mode" }, Unpack(PackagesFixture.Functions));
        using var ready = await host.Client.GetAsync("readyz");

        Assert.Contains("\"ok\":true", await host.Client.GetStringAsync("health"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
    }

    [Fact]
    public async Task The_self_host_package_serves_by_itself()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        var folder = Unpack(PackagesFixture.SelfHost);
        var before = List(folder);
        await using (var gateway = await GatewayProcess.StartAsync(azurite.ConnectionString, Settings(upstream), app: folder))
        {
            await AssertServesAsync(gateway.Client);
            await AssertReadsPdfAsync(gateway.Client, upstream);
            gateway.Signal(CommandProcess.Terminate);
            Assert.Equal(0, await gateway.WaitForExitAsync());
        }

        Assert.Equal(before, List(folder));
    }

    private string Unpack(string package)
    {
        Assert.SkipUnless(PackagesFixture.IsPossible, "Packages are made on Linux x64.");
        return packages.Unpack(package);
    }

    /// <summary>As app settings are; no tools but the package's own.</summary>
    private Dictionary<string, string> Settings(ScriptedUpstream upstream) => new()
    {
        ["DataStorage"] = azurite.ConnectionString,
        ["OPENCLAW_GATEWAY_TOKEN"] = GatewayHost.Token,
        ["OPENCLAW__storage__prefix"] = AzuriteFixture.UniqueName()[..12],
        ["OPENCLAW__gateway__http__endpoints__chatCompletions__enabled"] = "true",
        ["OPENCLAW__gateway__http__endpoints__responses__enabled"] = "true",
        ["OPENCLAW__gateway__http__endpoints__responses__files__pdf__minTextChars"] = "10",
        ["OPENCLAW__models__providers"] =
            $$"""{ mock: { baseUrl: "{{upstream.BaseUrl}}", models: [{ id: "m" }] }, echo: { api: "echo", models: [{ id: "echo" }] } }""",
        ["PATH"] = "",
    };

    private static async Task AssertServesAsync(HttpClient client)
    {
        Assert.Contains("\"ok\":true", await client.GetStringAsync("health"), StringComparison.Ordinal);
        using var ready = await client.GetAsync("readyz");
        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
        var chat = await PostAsync(
            client, "v1/chat/completions", """{"model":"echo/echo","messages":[{"role":"user","content":"Hello there"}]}""");
        Assert.Contains("Hello there", chat, StringComparison.Ordinal);
        var stream = await PostAsync(
            client, "v1/chat/completions", """{"model":"echo/echo","stream":true,"messages":[{"role":"user","content":"Hello there"}]}""");
        Assert.EndsWith("data: [DONE]\n\n", stream, StringComparison.Ordinal);
        using var missing = await client.GetAsync("no/such/path");
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
    }

    private static async Task AssertReadsPdfAsync(HttpClient client, ScriptedUpstream upstream)
    {
        await PostAsync(client, "v1/responses", InputMedia.Request(InputMedia.File("application/pdf", "a.pdf", PdfSamples.Text())));
        await PostAsync(client, "v1/responses", InputMedia.Request(
            InputMedia.File("application/pdf", "b.pdf", PdfSamples.Scanned(pages: 1))));
        Assert.Contains(PdfSamples.Sentence, upstream.Requests[0].SystemPrompt(), StringComparison.Ordinal);
        await PostAsync(client, "v1/responses", InputMedia.Request(InputMedia.Image("image/heic", Samples.Read("quarters.heic"))));
        Assert.Contains(upstream.Requests[2].LastParts(), static p => p.GetProperty("type").GetString() == "image_url");
        Assert.Contains(upstream.Requests[1].LastParts(), static p => p.GetProperty("type").GetString() == "image_url");
    }

    private static async Task<string> PostAsync(HttpClient client, string path, string body)
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Post, path)
        { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", GatewayHost.Token);
        using var answer = await client.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{answer.StatusCode} {text}");
        return text;
    }

    /// <summary>Every file with its size and time: what a read-only mount would not have let change.</summary>
    private static List<string> List(string folder) =>
        [.. new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories).Select(
            f => $"{f.FullName} {f.Length} {f.LastWriteTimeUtc:O}").Order(StringComparer.Ordinal)];
}
