using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace OpenClaw.Functions.Hosts.SelfHost;

/// <summary>Cuts clients that take nothing of an answer for <see cref="Limit"/> while more waits for them, on every connection and
/// whatever is sent. Kestrel's own rule counts bytes from the beginning of a connection, so that a client which was fast once may stop for
/// hours.</summary>
internal sealed partial class StalledReaders(TimeProvider time, ILogger<StalledReaders> logger)
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public static void Use(KestrelServerOptions kestrel)
    {
        var readers = kestrel.ApplicationServices.GetRequiredService<StalledReaders>();
        kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Use(next => connection => readers.WatchAsync(connection, next)));
    }

    private async Task WatchAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        var transport = connection.Transport;
        await using var output = new WatchedOutput(transport.Output, time, () =>
        {
            LogCut(connection.ConnectionId, Limit.TotalSeconds);
            connection.Abort(new ConnectionAbortedException("The client takes nothing of its answer."));
        });
        connection.Transport = new WatchedTransport(transport.Input, output);
        try
        {
            await next(connection);
        }
        finally
        {
            connection.Transport = transport;
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Connection {Connection} is cut: its client took nothing for {Seconds} s")]
    private partial void LogCut(string connection, double seconds);

    private sealed class WatchedTransport(PipeReader input, PipeWriter output) : IDuplexPipe
    {
        public PipeReader Input => input;

        public PipeWriter Output => output;
    }

    /// <summary>Times each flush that has to wait for the client.</summary>
    private sealed class WatchedOutput(PipeWriter inner, TimeProvider time, Action cut) : PipeWriter, IAsyncDisposable
    {
        private ITimer? _timer;

        public override bool CanGetUnflushedBytes => inner.CanGetUnflushedBytes;

        public override long UnflushedBytes => inner.UnflushedBytes;

        public override void Advance(int bytes) => inner.Advance(bytes);

        public override Memory<byte> GetMemory(int sizeHint = 0) => inner.GetMemory(sizeHint);

        public override Span<byte> GetSpan(int sizeHint = 0) => inner.GetSpan(sizeHint);

        public override void CancelPendingFlush() => inner.CancelPendingFlush();

        public override void Complete(Exception? exception = null) => inner.Complete(exception);

        public override ValueTask CompleteAsync(Exception? exception = null) => inner.CompleteAsync(exception);

        public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) =>
            Time(inner.FlushAsync(cancellationToken));

        public override ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default) =>
            Time(inner.WriteAsync(source, cancellationToken));

        public ValueTask DisposeAsync() => _timer?.DisposeAsync() ?? ValueTask.CompletedTask;

        private ValueTask<FlushResult> Time(ValueTask<FlushResult> flush) => flush.IsCompleted ? flush : WaitAsync(flush);

        private async ValueTask<FlushResult> WaitAsync(ValueTask<FlushResult> flush)
        {
            _timer ??= time.CreateTimer(static cut => ((Action)cut!)(), cut, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _timer.Change(Limit, Timeout.InfiniteTimeSpan);
            try
            {
                return await flush;
            }
            finally
            {
                _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            }
        }
    }
}
