using OpenClaw.Configuration;
using OpenClaw.Errors;
using OpenClaw.Security;

namespace OpenClaw.Gateway.Realtime.Connections;

/// <summary>What the connections of this process share: places for each caller's connections, and memory for frames that wait for slow
/// clients.</summary>
internal sealed class ConnectionLimits(GatewayConfigStore config)
{
    private const int ShareOfMemory = 8;

    /// <summary>Bytes that a connection may leave waiting however much waits for others.</summary>
    private const int Harmless = 1024 * 1024;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _ofCallers = new(StringComparer.Ordinal);
    private long _waiting;

    /// <summary>Bytes that may wait for one client.</summary>
    public int MaxBuffered => config.Current.Gateway.Realtime.MaxBufferedBytes;

    /// <summary>Bytes that wait for all clients.</summary>
    public long Waiting => Interlocked.Read(ref _waiting);

    /// <summary>Takes a place for one more connection of the caller until the result is disposed.</summary>
    /// <exception cref="GatewayException"><c>429 too_many_connections</c>.</exception>
    public IDisposable Enter(Caller caller)
    {
        var (name, most) = (caller.Device ?? caller.Subject, config.Current.Gateway.Realtime.MaxConnectionsPerCaller);
        lock (_lock)
        {
            var open = _ofCallers.GetValueOrDefault(name);
            if (open >= most)
            {
                throw new GatewayException(GatewayError.TooManyConnections(most));
            }

            _ofCallers[name] = open + 1;
        }

        return new Place(this, name);
    }

    /// <summary>The account of one connection's waiting frames.</summary>
    public Backlog OpenBacklog() => new(this);

    private void Leave(string name)
    {
        lock (_lock)
        {
            if (--_ofCallers[name] == 0)
            {
                _ofCallers.Remove(name);
            }
        }
    }

    private static long MaxWaiting(int ofOne) => Math.Max(4L * ofOne, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / ShareOfMemory);

    private sealed class Place(ConnectionLimits limits, string name) : IDisposable
    {
        private int _left;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _left, 1) == 0)
            {
                limits.Leave(name);
            }
        }
    }

    /// <summary>Bytes that wait for one client.</summary>
    public sealed class Backlog(ConnectionLimits limits)
    {
        private long _own;

        /// <returns>False when the client is too slow: too much waits for it already. A frame that is the only one is always
        /// taken.</returns>
        public bool TryAdd(int bytes)
        {
            var own = Interlocked.Add(ref _own, bytes);
            var all = Interlocked.Add(ref limits._waiting, bytes);
            var most = limits.MaxBuffered;
            if (own == bytes || (own <= most && (own <= Harmless || all <= MaxWaiting(most))))
            {
                return true;
            }

            Remove(bytes);
            return false;
        }

        public void Remove(int bytes)
        {
            Interlocked.Add(ref _own, -bytes);
            Interlocked.Add(ref limits._waiting, -bytes);
        }

        /// <summary>Gives back all that never went out. Nothing is added afterwards.</summary>
        public void Clear() => Interlocked.Add(ref limits._waiting, -Interlocked.Exchange(ref _own, 0));
    }
}
