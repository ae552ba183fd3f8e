using System.Net;
using Microsoft.Extensions.DependencyInjection;
using OpenClaw.Configuration;
using OpenClaw.Tests.Core.Media;
using OpenClaw.Tests.Support;
using Xunit;
using static OpenClaw.Tests.Gateway.Responses.InputMedia;

namespace OpenClaw.Tests.Gateway.Responses;

/// <summary>More files than the gateway can read.</summary>
public sealed class InputMediaBusyTests
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

    private static Task<HttpResponseMessage> SendAsync(
        GatewayHost gateway, string path, string body, CancellationToken cancellationToken) =>
        gateway.Client.PostAsync(path, new StringContent(body, null, "application/json"), cancellationToken);
}
