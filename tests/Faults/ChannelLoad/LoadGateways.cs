using System.Text.Json;

namespace OpenClaw.Tests.Faults.ChannelLoad;

/// <summary>Two gateways on one storage account. One that is killed, or ends because a busy storage did not answer, is started again, as by
/// a supervisor.</summary>
internal sealed class LoadGateways(Func<Task<LoadedGateway>> start) : IAsyncDisposable
{
    private const int MostStarts = 5;

    private static readonly TimeSpan StartPause = TimeSpan.FromMilliseconds(100);

    private readonly Lock _lock = new();
    private readonly Task<LoadedGateway>[] _gateways = [StartAsync(start), StartAsync(start)];
    private long _ambiguous;

    public int Kills { get; private set; }

    /// <summary>A gateway; the other one while it starts.</summary>
    public Task<LoadedGateway> FindAsync(int which)
    {
        lock (_lock)
        {
            return _gateways[which].IsCompleted ? _gateways[which] : _gateways[1 - which];
        }
    }

    /// <summary>Kills a gateway, unless that happened a moment ago, and returns when it is there again.</summary>
    public async Task KillAsync(int which)
    {
        await CountAsync(which);
        await RestartAsync(which, _ =>
        {
            Kills++;
            return true;
        });
    }

    /// <summary>Starts gateways again that have ended by themselves.</summary>
    public async Task ReviveAsync()
    {
        await RestartAsync(0, gateway => gateway.HasExited());
        await RestartAsync(1, gateway => gateway.HasExited());
    }

    /// <summary>Whether a call failed because its gateway was killed, and with it the client.</summary>
    public static bool IsOfKilled(Exception failure) =>
        failure is HttpRequestException or OperationCanceledException or ObjectDisposedException;

    /// <summary>What all gateways counted as possibly doubled, as far as they lived to tell.</summary>
    public async Task<long> CountAmbiguousAsync()
    {
        await CountAsync(0);
        await CountAsync(1);
        return _ambiguous;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var gateway in _gateways)
        {
            await ((Task)gateway).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (gateway.IsCompletedSuccessfully)
            {
                await gateway.Result.Process.DisposeAsync();
            }
        }
    }

    private static async Task<LoadedGateway> StartAsync(Func<Task<LoadedGateway>> start)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                return await start();
            }
            catch (InvalidOperationException) when (tries < MostStarts)
            {
                await Task.Delay(StartPause);
            }
        }
    }

    /// <param name="isWanted">Asked only where the gateway is not being started.</param>
    private async Task RestartAsync(int which, Func<LoadedGateway, bool> isWanted)
    {
        Task<LoadedGateway> restarted;
        lock (_lock)
        {
            var old = _gateways[which];
            if (!old.IsCompletedSuccessfully || !isWanted(old.Result))
            {
                return;
            }

            _gateways[which] = restarted = AgainAsync(old.Result);
        }

        await restarted;

        async Task<LoadedGateway> AgainAsync(LoadedGateway old)
        {
            await old.Process.DisposeAsync();
            return await StartAsync(start);
        }
    }

    private async Task CountAsync(int which)
    {
        try
        {
            var gateway = await FindAsync(which);
            using var answer = await gateway.Client.GetAsync("/api/channels");
            if (!answer.IsSuccessStatusCode)
            {
                return; // storage does not answer it in time
            }

            var counted = JsonElement.Parse(await answer.Content.ReadAsByteArrayAsync()).GetProperty("data").GetProperty("channels")[0]
                .GetProperty("ambiguousDeliveries").GetInt64();
            lock (_lock)
            {
                _ambiguous += counted - gateway.Ambiguous;
                gateway.Ambiguous = counted;
            }
        }
        catch (Exception failure) when (IsOfKilled(failure))
        {
            // What it counted last is not known.
        }
    }
}

/// <summary>A running gateway.</summary>
/// <param name="Process">Disposing it kills it at once.</param>
internal sealed record LoadedGateway(HttpClient Client, IAsyncDisposable Process, Func<bool> HasExited)
{
    /// <summary>What was read of its count so far.</summary>
    public long Ambiguous { get; set; }
}
