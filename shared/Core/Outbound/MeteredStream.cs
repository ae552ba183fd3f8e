using OpenClaw.Text;

namespace OpenClaw.Outbound;

/// <summary>A body as it arrives: counted, and given up when it comes too slowly or grows too large.</summary>
internal sealed class MeteredStream : ReadStream
{
    /// <summary>So many bytes must come in each <see cref="Window"/>: 1 KB/s.</summary>
    private const int LeastInWindow = 5 * 1024;

    private static readonly TimeSpan Window = TimeSpan.FromSeconds(5);

    private readonly Stream _inner;
    private readonly long _limit;
    private readonly CancellationTokenSource _stall;
    private readonly CancellationTokenSource _stop;
    private long _windowEnd = LeastInWindow;

    public MeteredStream(Stream inner, long limit, TimeProvider time, CancellationToken cancellationToken)
    {
        (_inner, _limit) = (inner, limit);
        _stall = new(Window, time);
        _stop = CancellationTokenSource.CreateLinkedTokenSource(_stall.Token, cancellationToken);
    }

    /// <summary>Bytes so far.</summary>
    public long Count { get; private set; }

    /// <summary>Ends by the token of the constructor.</summary>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int read;
        try
        {
            read = await _inner.ReadAsync(buffer, _stop.Token);
        }
        catch (OperationCanceledException) when (_stall.IsCancellationRequested)
        {
            throw new RefusedException("its body comes too slowly");
        }

        Count += read;
        if (Count > _limit)
        {
            throw new RefusedException("its body is too large", FetchFailure.TooLarge);
        }

        if (Count >= _windowEnd)
        {
            _windowEnd = Count + LeastInWindow;
            _stall.CancelAfter(Window);
        }

        return read;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _stop.Dispose();
            _stall.Dispose();
        }

        base.Dispose(disposing);
    }
}
