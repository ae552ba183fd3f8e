using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using OpenClaw.Configuration;
using OpenClaw.Tests.Support;
using Xunit;

namespace OpenClaw.Tests.Gateway.Pipeline;

[Trait("Feature", "R18")]
public class SlowReaderTests
{
    private const int DeltaSize = 4096;

    /// <summary>More than all sockets on the way can hold.</summary>
    private const int Deltas = 16 * 1024;

    [Fact]
    public async Task A_reader_that_stops_stops_the_provider_and_gets_everything_once_it_goes_on()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gateway = await GatewayHost.StartAsync(
            configure: c => c.Models = new ModelsSection
            {
                Providers = new Dictionary<string, ProviderSection> { ["mock"] = upstream.ProviderConfig() },
                MaxAnswerChars = int.MaxValue,
            });
        var sent = 0;
        var stalled = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        upstream.Next(async call =>
        {
            await call.StartStreamAsync();
            for (; sent < Deltas; sent++)
            {
                var sending = call.SendDeltaAsync(new string((char)('a' + (sent % 26)), DeltaSize));
                if (!sending.IsCompleted && await Task.WhenAny(sending, Task.Delay(TimeSpan.FromSeconds(2))) != sending)
                {
                    stalled.TrySetResult(sent); // the reader has taken nothing for so long
                }

                await sending;
            }

            stalled.TrySetResult(sent);
            await call.FinishAsync();
        });

        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
        await socket.ConnectAsync(IPAddress.Loopback, new Uri(gateway.Url).Port, TestContext.Current.CancellationToken);
        const string body = """{"model":"mock/m","stream":true,"messages":[{"role":"user","content":"Much, please"}]}""";
        await socket.SendAsync(Encoding.ASCII.GetBytes(
            $"POST /v1/chat/completions HTTP/1.1\r\nHost: gateway\r\nConnection: close\r\nAuthorization: Bearer {GatewayHost.Token}\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}"));
        var first = new byte[8];
        Assert.True(await socket.ReceiveAsync(first, TestContext.Current.CancellationToken) > 0);

        var taken = await stalled.Task.WaitAsync(TimeSpan.FromSeconds(90), TestContext.Current.CancellationToken);
        TestContext.Current.SendDiagnosticMessage(
            $"The provider could send {taken * DeltaSize / 1024} KB of {Deltas * DeltaSize / 1024} KB before the client read.");
        Assert.True(taken < Deltas / 2, $"{taken} of {Deltas} deltas were written although the client read none");

        using var reader = new StreamReader(new NetworkStream(socket));
        var (received, isDone) = (0, false);
        while (await reader.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            isDone |= line == "data: [DONE]";
            if (line.StartsWith("data: {", StringComparison.Ordinal)
                && JsonNode.Parse(line[6..])!["choices"] is JsonArray { Count: 1 } choices
                    && (string?)choices[0]!["delta"]!["content"] is { Length: > 0 } text)
            {
                Assert.Equal((DeltaSize, (char)('a' + (received % 26))), (text.Length, text[0]));
                received++;
            }
        }

        Assert.True(isDone);
        Assert.Equal(Deltas, received);
    }
}
