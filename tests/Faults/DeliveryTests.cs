using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using OpenClaw.Gateway.Sessions.Chat;
using OpenClaw.Runs;
using OpenClaw.Runs.Durable;
using OpenClaw.Security;
using OpenClaw.Sessions;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Gateways;
using Xunit;

namespace OpenClaw.Tests.Faults;

/// <summary>Events that come at least once, and sometimes again, to any instance, and take effect once.</summary>
[Trait("Feature", "R5")]
public class DeliveryTests(AzuriteFixture azurite)
{
    private const int Chats = 3;
    private const int Events = 300;
    private const int AtOnce = 12;

    private static readonly Caller Operator = new(Caller.OperatorSubject, Scope.OperatorAdmin, IsIdentity: false, IsOwner: true);

    [Fact]
    public async Task Events_that_come_twice_to_two_instances_of_which_one_keeps_dying_take_effect_once()
    {
        const int seed = 5;
        var random = new Random(seed);
        var prefix = AzuriteFixture.UniqueName()[..12];
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var survivor = await StartAsync(prefix, upstream);
        for (var chat = 0; chat < Chats; chat++)
        {
            using var created = await survivor.Client.PostAsync(
                "/api/chat", Json(new JsonObject { ["message"] = "hello", ["sessionId"] = $"chat{chat}" }));
            await created.ReadDataAsync();
        }

        var events = Enumerable.Range(0, Events).Select(
            i => (Chat: $"chat{i % Chats}", Id: string.Create(CultureInfo.InvariantCulture, $"event {i}"))).ToList();
        var deliveries = events.SelectMany(e => random.NextDouble() < 0.3 ? [e, e] : new[] { e }).ToList();
        var runs = new List<(string Id, string Run)>();
        var kills = 0;
        for (var (at, mortal) = (0, await StartAsync(prefix, upstream)); ; mortal = await StartAsync(prefix, upstream))
        {
            var lifetime = Math.Min(deliveries.Count, at + (deliveries.Count / 4) + 1);
            for (; at < lifetime; at += AtOnce)
            {
                var sent = deliveries.Skip(at).Take(AtOnce).OrderBy(_ => random.NextDouble() < 0.1)
                    .Select((e, i) => SendAsync(i % 2 == 0 ? mortal : survivor, survivor, e.Chat, e.Id)).ToList();
                if (at + AtOnce >= lifetime)
                {
                    mortal.Signal(CommandProcess.Kill); // whatever it is at
                    kills++;
                }

                runs.AddRange(await Task.WhenAll(sent));
            }

            await mortal.WaitForExitAsync();
            await mortal.DisposeAsync();
            if (at >= deliveries.Count)
            {
                break;
            }
        }

        Assert.Equal(Events, runs.Select(r => r.Id).Distinct().Count());
        Assert.Equal(Events, runs.Distinct().Count()); // a duplicate gets the run of the first
        foreach (var (_, run) in runs.Distinct())
        {
            using var follow = new HttpRequestMessage(
                HttpMethod.Get, $"/api/runs/{run}/events")
            { Headers = { Accept = { new("text/event-stream") } } };
            using var replayed = await survivor.Client.SendAsync(follow);
            Assert.Contains("run.completed", await replayed.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        var table = azurite.StorageAccount.Table(prefix + SessionStore.TableName);
        foreach (var chat in events.GroupBy(e => e.Chat))
        {
            var history = await History.ReadAsync(table, History.PartitionOf("agent:main:api:" + chat.Key));
            history.HoldsExactly(chat.Select(e => e.Id).Append("hello"));
            Assert.Equal(history.Inputs, history.Answers);
        }

        TestContext.Current.SendDiagnosticMessage(
            $"seed {seed}: events {Events}, deliveries {deliveries.Count}, kills {kills}, model calls {upstream.Requests.Count - Chats}, lost 0, doubled 0");
    }

    [Fact(Timeout = 90_000)]
    [Trait("Feature", "T18")]
    public async Task Accepted_events_run_in_their_senders_order_and_another_sessions_equal_event_is_another_one()
    {
        await using var gateway = await GatewayHost.StartAsync(azurite.StorageAccount);
        var inbox = gateway.Services.GetRequiredService<SessionInbox>();
        var (one, two) = (new SessionKey("", "main", "one"), new SessionKey("", "main", "two"));
        var accepted = new List<(string EventId, string Run)>();
        foreach (var number in new[] { 3, 1, 12, 2, 3, 1 })
        {
            accepted.Add(($"e{number}", await AcceptAsync(inbox, one, number)));
        }

        var other = await AcceptAsync(inbox, two, 3);
        Assert.Equal(4, accepted.Distinct().Count());
        Assert.DoesNotContain(other, accepted.Select(a => a.Run));
        Assert.Equal(accepted[1].Run, (await inbox.PeekAsync(one.Partition, CancellationToken.None))!.RunId);
        var lanes = gateway.Services.GetRequiredService<LocalDispatcher>();
        await Task.WhenAll(lanes.RunAsync(one.Partition), lanes.RunAsync(two.Partition));

        var table = azurite.StorageAccount.Table(gateway.Prefix + SessionStore.TableName);
        Assert.Equal(["event 1", "event 2", "event 3", "event 12"], (await History.ReadAsync(table, one.Partition)).Inputs);
        Assert.Equal(["event 3"], (await History.ReadAsync(table, two.Partition)).Inputs);
        Assert.False(await inbox.HasRequestsAsync(one.Partition, CancellationToken.None));
    }

    private static Task<string> AcceptAsync(SessionInbox inbox, SessionKey session, int number)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"event {number}");
        var message = new QueuedMessage(Operator, new ModelSelection("", null, null), text).ToQueuedRun(session, DateTimeOffset.UnixEpoch);
        return inbox.AcceptAsync(
            message with { Order = number.ToString("D19", CultureInfo.InvariantCulture) }, [], $"e{number}", CancellationToken.None);
    }

    /// <summary>As a webhook's sender does: again, at another instance, until one accepts it.</summary>
    private static async Task<(string Id, string Run)> SendAsync(GatewayProcess first, GatewayProcess then, string chat, string id)
    {
        for (var gateway = first; ; gateway = then)
        {
            try
            {
                using var answer = await gateway.Client.PostAsync(
                    $"/api/sessions/{chat}", Json(new JsonObject { ["action"] = "send", ["message"] = id, ["idempotencyKey"] = id }));
                return (id, (await answer.ReadDataAsync()).GetProperty("runId").GetString()!);
            }
            catch (HttpRequestException) when (gateway != then)
            {
                // It died before it could say whether it took the event.
            }
        }
    }

    private static StringContent Json(JsonObject body) => new(body.ToJsonString(), Encoding.UTF8, "application/json");

    private Task<GatewayProcess> StartAsync(string prefix, ScriptedUpstream upstream) =>
        GatewayProcess.StartAsync(azurite.ConnectionString, new Dictionary<string, string>
        {
            ["OPENCLAW__storage__prefix"] = prefix,
            ["OPENCLAW__storage__leaseSeconds"] = "2",
            ["OPENCLAW__models__providers__up"] = $$"""{ baseUrl: "{{upstream.BaseUrl}}", models: [{ id: "m" }] }""",
        });
}
