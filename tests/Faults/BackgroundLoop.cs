using Microsoft.Extensions.DependencyInjection;
using OpenClaw.Tests.Support;
using OpenClaw.Tests.Support.Gateways;
using OpenClaw.Tests.Support.Realtime;
using OpenClaw.Tests.Support.SignalR;

namespace OpenClaw.Tests.Faults;

/// <summary>Something that a gateway does again and again, and the request to storage by which a tick is recognised.</summary>
/// <param name="Log">Start of the line that tells of an outage; null where what was read before stays in force for a minute.</param>
/// <param name="Step">How far the clock goes at a time.</param>
internal sealed record BackgroundLoop(string? Log, TimeSpan Step, Func<StorageCall, bool> Reads)
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan Minutes = TimeSpan.FromMinutes(10);

    public static IReadOnlyDictionary<string, BackgroundLoop> All { get; } = new Dictionary<string, BackgroundLoop>
    {
        ["WakeUpPoller"] = new("The wake-ups could not be read", Second, IsWakeUp),
        ["SweepWakeUps"] = new("Timer SweepWakeUps failed", TimeSpan.FromMinutes(1), IsWakeUp),
        ["SweepSessions"] = new("Timer SweepSessions failed", Minutes, c => IsRead(c, "sessionlist") && c.Path.Contains("sweep")),
        ["SweepJobs"] = new("Timer SweepJobs failed", TimeSpan.FromMinutes(1), c => IsRead(c, "schedules")),
        ["SweepMedia"] = new("Timer SweepMedia failed", Minutes, c => IsRead(c, "media")),
        ["SweepConnections"] = new("Timer SweepConnections failed", Minutes, c => IsRead(c, "connections"))
        {
            Configure = static s => SignalRGateway.Use(
                s, "Endpoint=http://127.0.0.1:1;AccessKey=0123456789abcdef0123456789abcdef;Version=1.0;"),
        },
        ["UsageLedger"] = new("Usage could not be written", TimeSpan.FromSeconds(10), c => c.Body.Contains("\"EstimatedTokens\""))
        {
            BeginAsync = static async (gateway, _) => new Use(async () => (await gateway.PostChatAsync(Chat)).Dispose()),
        },
        ["ApiKeyCache"] = new("Storage does not answer about API keys", TimeSpan.FromSeconds(10), c =>
            c is { Service: "Table", Method: not "GET" } && c.Path.Contains("keys(", StringComparison.Ordinal))
        {
            BeginAsync = static async (gateway, _) =>
            {
                var (_, key) = await gateway.CreateKeyAsync(ApiKeyGateway.Writer);
                return new Use(() => gateway.StatusAsync(key, "/v1/models"));
            },
        },
        ["CallerRights"] = new(null, Second, c => IsRead(c, "keys"))
        {
            BeginAsync = static async (gateway, upstream) =>
            {
                var (_, key) = await gateway.CreateKeyAsync(ApiKeyGateway.Writer);
                var leave = new TaskCompletionSource();
                upstream.Next(_ => leave.Task);
                var request = gateway.PostChatAsync(Chat, r => r.Use(key));
                await upstream.RequestAsync(0);
                return new Use(null, async () =>
                {
                    leave.SetResult();
                    (await request).Dispose();
                });
            },
        },
        ["SessionWatch"] = new("Sessions that clients watch could not be read", Second, c => IsRead(c, "sessions"))
        {
            BeginAsync = static async (gateway, _) =>
            {
                var client = await ControlClient.ConnectAsync(gateway, "operator.read");
                await client.RequestAsync("sessions.messages.subscribe", """{"key":"agent:main:api:s"}""");
                return new Use(null, client.DisposeAsync);
            },
        },
        ["ConnectionHub"] = new(null, Second, c => IsRead(c, "devices"))
        {
            BeginAsync = static async (gateway, _) =>
            {
                var client = await ControlClient.OpenAsync(gateway);
                using var device = new TestDevice();
                var now = gateway.Services.GetRequiredService<TimeProvider>().GetUtcNow();
                await client.RequestAsync("connect", ControlClient.ConnectParams(device: device.Prove(client.Nonce, now)));
                return new Use(null, client.DisposeAsync);
            },
        },
    };

    private const string Chat = """{"model":"mock/m","messages":[{"role":"user","content":"hi"}]}""";

    public Action<IServiceCollection> Configure { get; init; } = static _ => { };

    /// <summary>Has the gateway begin the loop, where it does not do so by itself.</summary>
    public Func<GatewayHost, ScriptedUpstream, Task<Use>> BeginAsync { get; init; } = static (_, _) => Task.FromResult(new Use(null));

    private static bool IsRead(StorageCall call, string table) =>
        call is { Service: "Table", Method: "GET" } && call.Path.Contains(table + "(", StringComparison.Ordinal);

    private static bool IsWakeUp(StorageCall call) =>
        call is { Service: "Queue", Method: "GET" } && call.Path.Contains("wakeups/messages", StringComparison.Ordinal);
}

/// <summary>What keeps a loop at work.</summary>
/// <param name="beforeTick">Gives it something to do; null where it always has.</param>
/// <param name="end">Null where nothing is to be ended.</param>
internal sealed class Use(Func<Task>? beforeTick, Func<ValueTask>? end = null) : IAsyncDisposable
{
    public Task BeforeTickAsync() => beforeTick?.Invoke() ?? Task.CompletedTask;

    public ValueTask DisposeAsync() => end?.Invoke() ?? ValueTask.CompletedTask;
}
