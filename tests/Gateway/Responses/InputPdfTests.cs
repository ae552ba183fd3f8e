using System.Net;
using OpenClaw.Configuration;
using OpenClaw.Tests.Core.Media;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Gateways;
using Xunit;
using static OpenClaw.Tests.Gateway.Responses.InputMedia;

namespace OpenClaw.Tests.Gateway.Responses;

/// <summary>PDFs that come with a message: their text, their pages, or themselves.</summary>
public sealed class InputPdfTests(AzuriteFixture azurite)
{
    [Fact]
    [Trait("Feature", "F59")]
    public async Task A_scanned_pdf_is_shown_to_the_model_page_by_page_and_not_kept()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await InputMedia.StartAsync(upstream, storage: azurite.StorageAccount);
        var body = Request("\"user\":\"ann\",",
            [InputText("before"), File("application/pdf", "scan.pdf", PdfSamples.Scanned(pages: 2)), InputText("after")]);
        await gateway.CreateAsync(body);
        await gateway.CreateAsync("""{"model":"mock/m","user":"ann","input":"Again?"}""");

        var parts = upstream.Requests[0].LastParts();
        Assert.Equal(["text", "text", "image_url", "image_url", "text"], parts.Select(p => p.Type()));
        Assert.Equal("[file: scan.pdf]", parts[1].GetProperty("text").GetString());
        Assert.All(parts[2..4], p => Assert.Equal("image/jpeg", p.ImageOf().Type));
        Assert.EndsWith("---\n[PDF content rendered to images]", Assert.Single(
            upstream.Requests[0].SystemPrompt().Wrapped()), StringComparison.Ordinal);
        Assert.DoesNotContain("image_url", upstream.Requests[1].Body.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Feature", "F59")]
    public async Task The_text_of_a_pdf_is_preferred_to_its_pictures()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await InputMedia.StartAsync(
            upstream, configure: c => c.Gateway.Http.Endpoints.Responses.Files.Pdf.MinTextChars = 10);
        await gateway.CreateAsync(Request("\"store\":false,", [File("application/pdf", "a.pdf", PdfSamples.WithoutXref())]));
        var request = upstream.Requests[0];
        Assert.Equal("[file: a.pdf]", Assert.Single(request.LastParts()).GetProperty("text").GetString());
        Assert.DoesNotContain("rendered to images", request.SystemPrompt(), StringComparison.Ordinal);
        Assert.NotEmpty(Assert.Single(request.SystemPrompt().Wrapped()).Split("---\n")[1]);
    }

    [Theory]
    [InlineData("encrypted", "unreadable_file")]
    [InlineData("truncated", "unreadable_file")]
    [InlineData("bomb", "file_too_complex")]
    [Trait("Feature", "F59")]
    public async Task A_hostile_or_locked_pdf_is_a_clear_error(string kind, string code)
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await InputMedia.StartAsync(upstream);
        var pdf = kind switch
        {
            "encrypted" => PdfSamples.Encrypted("secret"),
            "truncated" => PdfSamples.Truncated(),
            _ =>
            PdfSamples.CommandBomb()
        };
        using var answer = await gateway.PostResponseAsync(Request(File("application/pdf", "a.pdf", pdf)));
        Assert.Equal((HttpStatusCode.BadRequest, code), (answer.StatusCode, (await answer.ReadErrorAsync()).Code));
    }

    [Theory]
    [InlineData("openai-completions")]
    [InlineData("openai-responses")]
    [InlineData("anthropic-messages")]
    [Trait("Feature", "F59")]
    public async Task A_model_that_reads_pdfs_is_given_them_as_they_are(string api)
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        var provider = upstream.ProviderConfig(api);
        provider.Models = [new ModelSection { Id = "m", Input = ["text", "pdf"] }];
        await using var gateway = await InputMedia.StartAsync(upstream, provider: provider);
        var pdf = PdfSamples.Text("native");
        await gateway.CreateAsync(Request("\"store\":false,", [InputText("Read"), File("application/pdf", "a.pdf", pdf)]));

        var sent = upstream.Requests[0].Body.GetRawText().Replace("\\u002B", "+", StringComparison.Ordinal);
        Assert.Contains(Convert.ToBase64String(pdf), sent, StringComparison.Ordinal);
        Assert.Contains(
            api switch
            {
                "openai-completions" => "\"type\":\"file\"",
                "openai-responses" => "\"type\":\"input_file\"",
                _ =>
                "\"type\":\"document\""
            }, sent, StringComparison.Ordinal);
        Assert.Contains("a.pdf", sent, StringComparison.Ordinal);
        Assert.DoesNotContain("EXTERNAL_UNTRUSTED_CONTENT", sent, StringComparison.Ordinal);
    }
}
