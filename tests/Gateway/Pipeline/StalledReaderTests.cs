using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using OpenClaw.Configuration;
using OpenClaw.Tests.Support;
using Xunit;

namespace OpenClaw.Tests.Gateway.Pipeline;

[Trait("Feature", "R18")]
public sealed class StalledReaderTests
{
    private const int DeltaSize = 64 * 1024;

    [Fact]
    public async Task A_reader_that_takes_nothing_for_a_minute_is_cut_and_stops_the_provider()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await GatewayHost.StartAsync(
            configure: c => c.Models.Providers = new Dictionary<string, ProviderSection> { ["mock"] = upstream.ProviderConfig() },
            services: services => services.AddSingleton<TimeProvider>(clock));
        var isCut = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        upstream.Next(async call =>
        {
            await call.StartStreamAsync();
            try
            {
                for (var sent = 0; sent < 4096; sent++) // more than all sockets on the way can hold
                {
                    await call.SendDeltaAsync(new string('x', DeltaSize));
                }

                isCut.SetResult(false);
            }
            catch (Exception failure) when (failure is IOException or OperationCanceledException)
            {
                isCut.SetResult(true);
                throw;
            }
        });

        using var connection = await RawConnection.OpenAsync(gateway.Url);
        const string body = """{"model":"mock/m","stream":true,"messages":[{"role":"user","content":"Much, please"}]}""";
        await connection.SendAsync(
            $"POST /v1/chat/completions HTTP/1.1\r\nHost: gateway\r\nAuthorization: Bearer {GatewayHost.Token}\r\n"
            + $"Content-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}");

        Assert.True(await gateway.WhileTimeGoesOnAsync(isCut.Task, clock, TimeSpan.FromSeconds(5)));
        Assert.Contains("its client took nothing for 60 s", gateway.Log, StringComparison.Ordinal);
    }
}
