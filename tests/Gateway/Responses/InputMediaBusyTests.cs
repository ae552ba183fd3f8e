using System.Net;
using Microsoft.Extensions.DependencyInjection;
using OpenClaw.Configuration;
using OpenClaw.Media.Worker;
using OpenClaw.Tests.Core.Media;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Gateways;
using Xunit;
using static OpenClaw.Tests.Gateway.Responses.InputMedia;

namespace OpenClaw.Tests.Gateway.Responses;

/// <summary>More files than the gateway can read.</summary>
public sealed class InputMediaBusyTests(AzuriteFixture azurite)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Trait("Feature", "F59")]
    public async Task When_too_many_files_wait_the_next_is_503_and_says_when_to_retry(bool isChat)
    {
        // The worker says that it is ready, and never more: one file is read, one waits, one is refused.
        var options = Outcome.Script(@"printf 's\000\000\000\000'; exec sleep 1000") with { Places = 1, MaxWaiting = 1 };
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await GatewayHost.StartAsync(
            configure: c => c.Models.Providers = new Dictionary<string, ProviderSection> { ["mock"] = upstream.ProviderConfig() },
            services: s => s.AddSingleton(options));
        using var leave = new CancellationTokenSource();
        var image = Image("image/heic", Samples.Read("quarters.heic"));
        var (path, body) = isChat ? ("/v1/chat/completions", ChatRequest(image)) : ("/v1/responses", Request(image));
        var requests = Enumerable.Range(0, 3).Select(_ => SendAsync(gateway, path, body, leave.Token)).ToList();
        using var answer = await await Task.WhenAny(requests);
        await leave.CancelAsync();

        var error = await answer.ReadErrorAsync();
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "media_busy"), (answer.StatusCode, error.Code));
        Assert.NotNull(error.Param);
        Assert.InRange(answer.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
        Assert.Empty(upstream.Requests);
        Assert.Equal(2, requests.Count(static r => !r.IsCompletedSuccessfully));
    }

    [Fact]
    [Trait("Feature", "F59")]
    public async Task Twenty_costly_pdfs_of_one_key_do_not_keep_the_file_of_another_key_waiting()
    {
        var folder = Directory.CreateTempSubdirectory("openclaw-busy-");
        try
        {
            // While the file 'hostile' exists, a worker never comes to an end with its file.
            var program = MediaWorkerProgram.Find(MediaWorkerProgram.Folder);
            var reader = string.Join(' ', new[] { program.File }.Concat(program.FirstArguments).Select(static a => $"'{a}'"));
            var (hostile, marks) = (Path.Combine(folder.FullName, "hostile"), Path.Combine(folder.FullName, "marks"));
            var script = $@"if [ ""$0"" = compile ]; then exec {reader} ""$0"" ""$@""; fi; "
                + $@"if [ -e '{hostile}' ]; then echo >>'{marks}'; printf 's\000\000\000\000'; exec sleep 1000; fi; exec {reader}";
            var options = new MediaWorkerOptions
            {
                Program = program with { File = "/bin/sh", FirstArguments = ["-c", script] },
                WallClock = TimeSpan.FromMinutes(10),
                MaxWait = TimeSpan.FromMinutes(10),
            };
            await System.IO.File.WriteAllTextAsync(hostile, "");
            await using var upstream = await ScriptedUpstream.StartAsync();
            await using var gateway = await GatewayHost.StartAsync(
                azurite.StorageAccount,
                c => c.Models.Providers = new Dictionary<string, ProviderSection> { ["mock"] = upstream.ProviderConfig() },
                s => s.AddSingleton(options));
            var (_, mallory) = await gateway.CreateKeyAsync(ApiKeyGateway.Writer);
            var (_, bob) = await gateway.CreateKeyAsync(ApiKeyGateway.Writer);
            using var leave = new CancellationTokenSource();
            var body = Request(File("application/pdf", "a.pdf", PdfSamples.CommandBomb()));
            var attack = Enumerable.Range(0, 20).Select(_ => SendAsync(gateway, "/v1/responses", body, leave.Token, mallory)).ToList();
            using var first = await await Task.WhenAny(attack);
            var others = attack.Where(t => t.Status != TaskStatus.RanToCompletion);
            using var second = await await Task.WhenAny(others);
            while (!System.IO.File.Exists(marks) || new FileInfo(marks).Length < 2)
            {
                await Task.Yield();
            }

            System.IO.File.Delete(hostile);
            using var answer = await SendAsync(
                gateway, "/v1/responses", Request(File("application/pdf", "b.pdf", PdfSamples.Text())), leave.Token, bob);

            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Contains(PdfSamples.Sentence, upstream.Requests[0].Body.GetRawText(), StringComparison.Ordinal);
            Assert.All([first, second], static r => Assert.Equal(
                (HttpStatusCode.ServiceUnavailable, true), (r.StatusCode, r.Headers.RetryAfter is not null)));
            Assert.Equal(18, attack.Count(static t => !t.IsCompleted));
            await leave.CancelAsync();
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static Task<HttpResponseMessage> SendAsync(
        GatewayHost gateway, string path, string body, CancellationToken cancellationToken, string? key = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, null, "application/json") };
        if (key is not null)
        {
            request.Use(key);
        }

        return gateway.Client.SendAsync(request, cancellationToken);
    }
}
