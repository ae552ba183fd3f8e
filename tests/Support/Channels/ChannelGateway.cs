using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using OpenClaw.Configuration;
using OpenClaw.Configuration.Channels;
using OpenClaw.Gateway.Channels.Outbox;
using OpenClaw.Media.Files;
using OpenClaw.Security;
using OpenClaw.Sessions;
using OpenClaw.Sessions.Rows;
using OpenClaw.Storage;
using OpenClaw.Storage.Tables;
using Xunit;

namespace OpenClaw.Tests.Support.Channels;

/// <summary>A gateway that serves a channel, with a stand-in for its platform and a scripted model that echoes.</summary>
public abstract class ChannelGateway(PlatformStandIn platform, ScriptedUpstream upstream, GatewayHost host) : IAsyncDisposable
{
    public ScriptedUpstream Upstream { get; } = upstream;

    public GatewayHost Host { get; } = host;

    /// <summary>Texts that the model got as the last thing a person said, in the order of the calls.</summary>
    public IReadOnlyList<string> Asked => [.. Upstream.Requests.Select(LastUserText)];

    /// <summary>Waits until no request and no reply waits in a session, and gives its rows.</summary>
    public async Task<IReadOnlyList<StoredRow>> WaitForRestAsync(string key)
    {
        var table = Host.Services.GetRequiredService<GatewayStorage>().Table(SessionStore.TableName);
        while (true)
        {
            var rows = new List<StoredRow>();
            await foreach (var row in table.QueryAsync(
                new TableQuery { PartitionKey = PartitionOf(key) }, TestContext.Current.CancellationToken))
            {
                rows.Add(row);
            }

            if (!rows.Exists(r => r.RowKey.StartsWith("in~", StringComparison.Ordinal)
                || OutboxRow.IsKey(r.RowKey)))
            {
                return rows;
            }

            await Task.Yield();
        }
    }

    /// <summary>How many rows are stored of all sessions.</summary>
    public async Task<int> CountRowsAsync()
    {
        var table = Host.Services.GetRequiredService<GatewayStorage>().Table(SessionStore.TableName);
        var count = 0;
        await foreach (var _ in table.QueryAsync(new TableQuery(), TestContext.Current.CancellationToken))
        {
            count++;
        }

        return count;
    }

    /// <summary>A file of the operator's in the media store.</summary>
    /// <returns>Its address.</returns>
    public async Task<string> StoreFileAsync(byte[] content, string name)
    {
        var item = await Host.Services.GetRequiredService<MediaStore>().SaveAsync(
            Caller.OperatorSubject, content, null, name, ttl: null, TestContext.Current.CancellationToken);
        return "/media/" + item.Id;
    }

    public static string PartitionOf(string key) => new SessionKey("", key.Split(':')[1], key).Partition;

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        await Upstream.DisposeAsync();
        await platform.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <param name="section">Puts the channel into the configuration.</param>
    private protected static async Task<(ScriptedUpstream Upstream, GatewayHost Host)> StartAsync(
        StorageAccount storage, Action<ChannelsSection> section, Action<GatewayConfig>? configure, Action<IServiceCollection>? services)
    {
        var upstream = await ScriptedUpstream.StartAsync();
        upstream.Always(call => call.StreamTextAsync("echo ", LastUserText(call.Request)));
        var host = await GatewayHost.StartAsync(
            storage,
            c =>
            {
                c.Models.Providers = new Dictionary<string, ProviderSection>
                {
                    ["mock"] = upstream.ProviderConfig("openai-completions", "m"),
                };
                c.Agents.Defaults.Model = new AgentModelSection { Primary = "mock/m" };
                c.Session.DmScope = "per-channel-peer";
                section(c.Channels);
                configure?.Invoke(c);
            },
            s =>
            {
                s.AddSingleton(new DeliveryOptions { FirstPause = TimeSpan.FromMilliseconds(20), MostFailures = 4 });
                services?.Invoke(s);
            });
        return (upstream, host);
    }

    private protected static Dictionary<string, string> EnvironmentFor(
        string channel, string section, ScriptedUpstream upstream, string prefix) => new()
        {
            ["OPENCLAW__storage__prefix"] = prefix,
            ["OPENCLAW__storage__leaseSeconds"] = "2",
            ["OPENCLAW__session__dmScope"] = "per-channel-peer",
            ["OPENCLAW__channels__" + channel] = section,
            ["OPENCLAW__models__providers__mock"] = $$"""{ baseUrl: "{{upstream.BaseUrl}}", models: [{ id: "m" }] }""",
            ["OPENCLAW__agents__defaults__model"] = "mock/m",
        };

    /// <summary>Calls the webhook until it does not ask to be called again: on a busy machine the time of a call may be over.</summary>
    private protected static async Task ExpectAsync(Func<Task<HttpResponseMessage>> call, string body)
    {
        while (true)
        {
            using var answer = await call();
            if (answer.StatusCode != HttpStatusCode.ServiceUnavailable)
            {
                Assert.Equal((HttpStatusCode.OK, body), (answer.StatusCode, await answer.Content.ReadAsStringAsync()));
                return;
            }
        }
    }

    public static string LastUserText(UpstreamRequest request)
    {
        var content = request.Body.GetProperty("messages").EnumerateArray().Last(m => m.GetProperty("role").GetString() == "user")
            .GetProperty("content");
        return content.ValueKind == JsonValueKind.String ? content.GetString()!
            : string.Concat(content.EnumerateArray().Select(p => p.TryGetProperty("text", out var text) ? text.GetString() : ""));
    }
}
