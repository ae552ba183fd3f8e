using System.Globalization;
using System.Net;
using System.Text;
using OpenClaw.Sessions;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Channels;
using Xunit;

namespace OpenClaw.Tests.Faults;

/// <summary>Updates of Telegram that come at least once, some again and some out of order, to two instances of which one keeps
/// dying.</summary>
[Trait("Feature", "R5")]
public sealed class ChannelDeliveryTests(AzuriteFixture azurite)
{
    private const int Chats = 3;
    private const int Events = 72;
    private const int AtOnce = 12;

    [Fact(Timeout = 180_000)]
    [Trait("Feature", "R7")]
    [Trait("Feature", "T18")]
    public async Task Each_update_is_one_turn_and_one_answer_in_the_order_of_its_chat()
    {
        const int seed = 11;
        var random = new Random(seed);
        var prefix = AzuriteFixture.UniqueName()[..12];
        await using var telegram = await TelegramStandIn.StartAsync();
        await using var upstream = await ScriptedUpstream.StartAsync();
        upstream.Always(call => call.StreamTextAsync("echo ", call.LastUserText()));
        await using var survivor = await StartAsync(telegram, upstream, prefix);
        var deliveries = Enumerable.Range(1, Events).SelectMany(i => random.NextDouble() < 0.3 ? [i, i] : new[] { i }).ToList();
        var kills = 0;
        for (var (at, mortal) = (0, await StartAsync(telegram, upstream, prefix)); ; mortal = await StartAsync(telegram, upstream, prefix))
        {
            var lifetime = Math.Min(deliveries.Count, at + (deliveries.Count / 3) + 1);
            for (; at < lifetime; at += AtOnce)
            {
                var sent = deliveries.Skip(at).Take(AtOnce).OrderBy(_ => random.NextDouble() < 0.1)
                    .Select((e, i) => SendAsync(i % 2 == 0 ? mortal : survivor, survivor, e)).ToList();
                if (at + AtOnce >= lifetime)
                {
                    mortal.Signal(CommandProcess.Kill); // whatever it is at
                    kills++;
                }

                await Task.WhenAll(sent);
            }

            await mortal.WaitForExitAsync();
            await mortal.DisposeAsync();
            if (at >= deliveries.Count)
            {
                break;
            }
        }

        await telegram.WaitAsync(() => telegram.Messages.Select(m => m.Text).Distinct().Count() == Events);
        var table = azurite.StorageAccount.Table(prefix + SessionStore.TableName);
        for (var chat = 0; chat < Chats; chat++)
        {
            var expected = Enumerable.Range(1, Events).Where(i => i % Chats == chat).Select(TextOf).ToList();
            var history = await History.ReadAsync(table, TelegramGateway.PartitionOf(TelegramGateway.DirectKey(SenderOf(chat))));
            history.HoldsExactly(expected);
            Assert.Equal(history.Inputs.Select(text => "echo " + text), history.Answers);
            Assert.Equal(history.Answers, telegram.Messages.Where(m => m.ChatId == SenderOf(chat)).Select(m => m.Text).Distinct());
        }

        // a sender that was killed between Telegram's acceptance and its own note of it
        Assert.InRange(telegram.Messages.Count - Events, 0, kills * Chats);
        TestContext.Current.SendDiagnosticMessage(
            $"seed {seed}: events {Events}, deliveries {deliveries.Count}, kills {kills}, doubles {telegram.Messages.Count - Events}");
    }

    private static string TextOf(int number) => string.Create(CultureInfo.InvariantCulture, $"event {number}");

    private static long SenderOf(int chat) => 500 + chat;

    /// <summary>As Telegram does: again, until it is accepted.</summary>
    private static async Task SendAsync(GatewayProcess first, GatewayProcess then, int number)
    {
        var update = TelegramGateway.Message(number, TextOf(number), SenderOf(number % Chats), SenderOf(number % Chats));
        for (var gateway = first; ; gateway = then)
        {
            try
            {
                using var answer = await TelegramGateway.PostAsync(gateway.Client, Encoding.UTF8.GetBytes(update.ToJsonString()));
                Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
                return;
            }
            catch (HttpRequestException) when (gateway != then)
            {
                // It died before it could say whether it took the update.
            }
        }
    }

    private Task<GatewayProcess> StartAsync(TelegramStandIn telegram, ScriptedUpstream upstream, string prefix) =>
        GatewayProcess.StartAsync(azurite.ConnectionString, new(TelegramGateway.EnvironmentFor(telegram, upstream, prefix))
        {
            ["OPENCLAW__channels__telegram__allowFrom"] = "[500, 501, 502]",
        });
}
