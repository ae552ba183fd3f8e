using System.Globalization;
using System.Net;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using OpenClaw.Functions.Triggers;
using OpenClaw.Runs.Durable;
using OpenClaw.Sessions;
using OpenClaw.Sessions.Rows;
using OpenClaw.Storage.Tables;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Gateways;
using Xunit;

namespace OpenClaw.Tests.Core.Sessions;

/// <summary>Two hosts whose timers fire at the same moment.</summary>
[Trait("Feature", "R22")]
public class DoubledTimersTests(AzuriteFixture azurite)
{
    private const int Many = 12;

    [Fact]
    public async Task Idempotency_keys_out_of_use_go_with_the_sessions_made_for_them_and_nothing_else_does()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var one = await StartAsync(upstream, clock, null);
        await using var two = await StartAsync(upstream, clock, one.Prefix);
        for (var i = 0; i < Many; i++)
        {
            await AskAsync(one, string.Create(CultureInfo.InvariantCulture, $"old-{i}"), session: null);
        }

        await AskAsync(one, "old-named", session: "kept");
        clock.Advance(IdempotencyStore.Keep + IdempotencyStore.Keep - TimeSpan.FromMinutes(1));
        await AskAsync(one, "young", session: null);
        Assert.Equal((Many + 2, Many + 2), await CountAsync(one));

        clock.Advance(TimeSpan.FromMinutes(1) + TimeSpan.FromSeconds(1));
        await Task.WhenAll(new[] { one, two, one, two }.Select(SweepAsync));

        Assert.Equal((1, 2), await CountAsync(one)); // the young claim; its session and the named one
        await AskAsync(two, "old-0", session: null); // free for anything again
        await AskAsync(two, "young", session: null);
        Assert.Equal(Many + 3, upstream.Requests.Count);
    }

    [Fact]
    public async Task Sessions_that_are_gone_are_swept_by_two_at_once_without_an_error()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var one = await StartAsync(upstream, clock, null);
        await using var two = await StartAsync(upstream, clock, one.Prefix);
        var table = azurite.StorageAccount.Table(one.Prefix + SessionStore.TableName);
        for (var i = 0; i < Many; i++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"s-{i}");
            await AskAsync(one, name, session: name);
            var head = (await table.GetAsync<SessionHead>(
                new SessionKey("", "main", name).Partition, SessionHead.RowKey, TestContext.Current.CancellationToken))!;
            if (i > 0)
            {
                head.Delete(clock.GetUtcNow());
                await table.ReplaceAsync(head, head.ETag, TestContext.Current.CancellationToken);
            }
        }

        await Task.WhenAll(new[] { one, two, one, two }.Select(SweepAsync));
        await SweepAsync(two);

        Assert.Equal(1, (await CountAsync(one)).Sessions);
        await AskAsync(two, "more", session: "s-0");
        Assert.Equal(3, upstream.Requests[^1].Body.GetProperty("messages").GetArrayLength());
    }

    [Fact]
    public async Task Runs_that_a_dead_instance_left_are_carried_out_once()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var gone = await StartAsync(upstream, null, null, silent: true);
        var ids = new List<string>();
        for (var i = 0; i < Many; i++)
        {
            ids.Add((await gone.CreateAsync(
                string.Create(CultureInfo.InvariantCulture, $$"""{"model":"mock/m","input":"run-{{i}}","background":true}"""))).Id());
        }

        Assert.Empty(upstream.Requests);
        await using var one = await StartAsync(upstream, null, gone.Prefix);
        await using var two = await StartAsync(upstream, null, gone.Prefix);
        while (upstream.Requests.Count < Many)
        {
            await Task.WhenAll(new[] { one, two }.Select(WakeAsync)); // until the messages are due
        }

        foreach (var id in ids)
        {
            var events = ResponsesGateway.Events(
                await two.Client.GetStringAsync($"/v1/responses/{id}?stream=true", TestContext.Current.CancellationToken));
            Assert.Equal("completed", events[^1].GetProperty("response").Status());
        }

        await Task.WhenAll(new[] { one, two }.Select(WakeAsync));
        Assert.Equal(Many, upstream.Requests.Count);
    }

    private static Task SweepAsync(GatewayHost host) =>
        host.Services.GetRequiredService<SweepSessions>().RunAsync(new TimerInfo(), TestContext.Current.CancellationToken);

    private static Task WakeAsync(GatewayHost host) =>
        host.Services.GetRequiredService<SweepWakeUps>().RunAsync(new TimerInfo(), TestContext.Current.CancellationToken);

    private static async Task AskAsync(GatewayHost host, string key, string? session)
    {
        using var answer = await host.PostChatAsync("""{"model":"mock/m","messages":[{"role":"user","content":"Hi"}]}""", request =>
        {
            request.Headers.Add("Idempotency-Key", key);
            if (session is not null)
            {
                request.Headers.Add("x-openclaw-session-key", session);
            }
        });
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    private async Task<(int Claims, int Sessions)> CountAsync(GatewayHost host)
    {
        var (claims, sessions) = (0, 0);
        await foreach (var _ in azurite.StorageAccount.Table(host.Prefix + IdempotencyStore.TableName).QueryAsync(
            new TableQuery(), TestContext.Current.CancellationToken))
        {
            claims++;
        }

        var heads = new TableQuery { Filter = TableQuery.Where($"RowKey eq {SessionHead.RowKey}") };
        await foreach (var _ in azurite.StorageAccount.Table(host.Prefix + SessionStore.TableName).QueryAsync(
            heads, TestContext.Current.CancellationToken))
        {
            sessions++;
        }

        return (claims, sessions);
    }

    /// <param name="silent">Accepts runs and never carries any out, as an instance that dies right after its answer.</param>
    private Task<GatewayHost> StartAsync(ScriptedUpstream upstream, FakeTimeProvider? clock, string? prefix, bool silent = false) =>
        GatewayHost.StartAsync(
        azurite.StorageAccount,
        c =>
        {
            c.Models.Providers = new Dictionary<string, OpenClaw.Configuration.ProviderSection> { ["mock"] = upstream.ProviderConfig() };
            c.Storage.Prefix = prefix ?? c.Storage.Prefix;
            c.Storage.LeaseSeconds = 2;
        },
        s =>
        {
            if (clock is not null)
            {
                s.AddSingleton<TimeProvider>(clock);
            }

            if (silent)
            {
                s.AddSingleton<IRunDispatcher, NoDispatcher>();
            }
        });

    private sealed class NoDispatcher : IRunDispatcher
    {
        public void Dispatch(string partition)
        {
        }
    }
}
