using System.Globalization;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Channels;
using Xunit;

namespace OpenClaw.Tests.Faults;

/// <summary>Many webhooks at once whose bodies are huge, or never end.</summary>
[Trait("Feature", "F73")]
[Trait("Feature", "R18")]
public class WebhookFloodTests(AzuriteFixture azurite)
{
    private const int Hostile = 200;

    private const int Honest = 20;

    /// <summary>All that the process may have on its heap, in hexadecimal: a fifth of one announced body.</summary>
    private const string HeapLimit = "C000000";

    [Fact(Timeout = 120_000)]
    public async Task Huge_and_endless_bodies_fit_into_little_memory_and_honest_calls_are_answered()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var telegram = await TelegramStandIn.StartAsync();
        await using var gateway = await GatewayProcess.StartAsync(
            azurite.ConnectionString,
            new(TelegramGateway.EnvironmentFor(telegram, upstream, AzuriteFixture.UniqueName()[..12]))
            {
                ["DOTNET_GCHeapHardLimit"] = HeapLimit,
            });
        var connections = await Task.WhenAll(Enumerable.Range(0, Hostile).Select(number => OpenAsync(gateway, number)));
        var honest = await Task.WhenAll(Enumerable.Range(1, Honest).Select(async number =>
        {
            using var answer = await TelegramGateway.PostAsync(
                gateway.Client, System.Text.Encoding.UTF8.GetBytes(TelegramGateway.Message(number, $"hello {number}").ToJsonString()));
            return (int)answer.StatusCode;
        }));

        Assert.All(honest, status => Assert.Equal(200, status));
        await telegram.WaitAsync(() => telegram.Messages.Count == Honest);
        foreach (var (connection, number) in connections.Select((connection, number) => (connection, number)))
        {
            if (IsHuge(number))
            {
                Assert.Equal(413, await connection.ReadAnswerAsync());
            }

            connection.Dispose();
        }

        Assert.False(gateway.HasExited);
        Assert.Equal(Honest, telegram.Messages.Count);
    }

    private static bool IsHuge(int number) => number % 2 == 0;

    /// <summary>Sends the head of a call and the first byte of its body; of some, a byte more now and then is all that would
    /// follow.</summary>
    private static async Task<RawConnection> OpenAsync(GatewayProcess gateway, int number)
    {
        var length = IsHuge(number) ? string.Create(CultureInfo.InvariantCulture, $"Content-Length: {1 << 30}")
            : number % 4 == 1 ? "Content-Length: 4096" : "Transfer-Encoding: chunked";
        var connection = await RawConnection.OpenAsync(gateway.Url);
        await connection.SendAsync(
            $"POST /webhook/telegram HTTP/1.1\r\nHost: gateway\r\nContent-Type: application/json\r\n"
            + $"{TelegramGateway.Header}: {TelegramGateway.Secret}\r\n{length}\r\n\r\n" + (number % 4 == 3 ? "1\r\n{\r\n" : "{"));
        return connection;
    }
}
