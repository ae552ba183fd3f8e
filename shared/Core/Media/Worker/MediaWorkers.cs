using System.Runtime;
using Microsoft.Extensions.Logging;
using OpenClaw.Media.Images;

namespace OpenClaw.Media.Worker;

/// <summary>Reads files in processes of their own, one file at a time in each: what a hostile file breaks is not this process. A worker
/// is kept for some seconds for the next file.</summary>
public sealed partial class MediaWorkers(MediaWorkerOptions options, TimeProvider clock, ILogger<MediaWorkers> logger) : IDisposable
{
    private const long LargeHeap = 64 * 1024 * 1024;

    private static readonly TimeSpan ShortWait = TimeSpan.FromMilliseconds(100);

    private readonly MediaPlaces _places = new(options, clock);
    private readonly PdfiumFiles _pdfium = new(options, clock);
    private readonly Lock _lock = new();
    private readonly Stack<MediaWorkerChild> _idle = [];
    private ITimer? _timer;
    private bool _isDisposed;

    /// <summary>How the last PDF ended: false when PDFium did not run; null before the first.</summary>
    public bool? ReadsPdf { get; private set; }

    /// <summary>The same of HEIC, HEIF and AVIF images.</summary>
    public bool? ReadsHeif { get; private set; }

    /// <param name="caller">Whose file it is: it is charged with the time.</param>
    /// <exception cref="MediaException"><c>media_busy</c>, <c>media_tools_missing</c>, <c>file_too_large</c>.</exception>
    public async Task<MediaAnswer> RunAsync(
        MediaWorkerRequest request, ReadOnlyMemory<byte> file, string caller, CancellationToken cancellationToken)
    {
        if (file.Length > MediaWorkerRequest.MaxFileLength)
        {
            throw new MediaException(MediaException.TooLarge, $"The file has more than {MediaWorkerRequest.MaxFileLength} bytes.");
        }

        using var place = await _places.TakeAsync(caller, cancellationToken);

        // A worker that waited may have been ended by the system in the meantime.
        var answer = (TakeIdle() is { } warm ? await RunAsync(warm, request, file, cancellationToken) : null)
            ?? await RunAsync(MediaWorkerChild.Start(options.Program), request, file, cancellationToken);
        Note(request, answer is not null && answer.Report?.Code != MediaException.ToolsMissing);
        return answer ?? throw new MediaException(
            MediaException.ToolsMissing, "The program that reads files does not run on this gateway.");
    }

    /// <summary>Gives PDFium to <paramref name="read"/>, and once more when it does not load on this system as it is.</summary>
    /// <returns>The answer; null when PDFium is not installed.</returns>
    public async Task<MediaAnswer?> WithPdfiumAsync(Func<string, Task<MediaAnswer>> read)
    {
        if (await _pdfium.FindAsync() is not { } module)
        {
            return null;
        }

        var answer = await read(module);
        return answer.Report?.Code == MediaException.ToolsMissing && await _pdfium.ReplaceAsync(module) is { } other ? await read(other)
            : answer;
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
            _timer?.Dispose();
        }

        while (TakeIdle() is { } worker)
        {
            worker.Dispose();
        }

        _pdfium.Dispose();
    }

    private async Task<MediaAnswer?> RunAsync(
        MediaWorkerChild worker, MediaWorkerRequest request, ReadOnlyMemory<byte> file, CancellationToken cancellationToken)
    {
        var isReusable = false;
        try
        {
            var answer = await worker.RunAsync(request, file, options.StartTime, options.WallClock ?? request.WallClock, cancellationToken);
            isReusable = answer?.Report is { IsLast: false };
            if (answer is not null && answer.Report is not { Code: null })
            {
                LogRefused(request.GetType().Name, file.Length, answer.Report?.Code ?? "killed or crashed");
            }

            return answer;
        }
        finally
        {
            if (!isReusable || !TryKeep(worker))
            {
                worker.Dispose();
            }

            WaitIdle();
        }
    }

    private void Note(MediaWorkerRequest request, bool isRead)
    {
        switch (request)
        {
            case PdfRequest:
                ReadsPdf = isRead;
                break;
            case ImageRequest image when ImageInfo.IsHeifType(image.MediaType):
                ReadsHeif = isRead;
                break;
        }
    }

    private MediaWorkerChild? TakeIdle()
    {
        lock (_lock)
        {
            return _idle.TryPop(out var worker) ? worker : null;
        }
    }

    private bool TryKeep(MediaWorkerChild worker)
    {
        lock (_lock)
        {
            if (_isDisposed)
            {
                return false;
            }

            worker.IdleSince = clock.GetUtcNow();
            _idle.Push(worker);
            return true;
        }
    }

    private void WaitIdle()
    {
        lock (_lock)
        {
            if (!_isDisposed)
            {
                _timer ??= clock.CreateTimer(_ => EndIdle(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                _timer.Change(options.IdleTime, Timeout.InfiniteTimeSpan);
            }
        }
    }

    private void EndIdle()
    {
        List<MediaWorkerChild> old;
        lock (_lock)
        {
            var limit = clock.GetUtcNow() - options.IdleTime;
            old = [.. _idle.Where(w => w.IdleSince <= limit)];
            var kept = _idle.Where(w => w.IdleSince > limit).Reverse().ToList();
            _idle.Clear();
            kept.ForEach(_idle.Push);
            if (kept.Count > 0 && !_isDisposed)
            {
                // Timer and clock differ by some milliseconds, and by more when the clock is set.
                var left = kept.Min(static w => w.IdleSince) - limit;
                _timer?.Change(left > ShortWait ? left : ShortWait, Timeout.InfiniteTimeSpan);
            }
        }

        old.ForEach(static w => w.Dispose());
        ReturnMemory();
    }

    /// <summary>Requests with files leave a large heap of garbage, and an idle gateway does not collect by itself. Other garbage stays: the
    /// pause would not be worth it.</summary>
    private static void ReturnMemory()
    {
        if (GC.GetTotalMemory(forceFullCollection: false) > LargeHeap || GC.GetGCMemoryInfo(GCKind.Any).TotalCommittedBytes > LargeHeap)
        {
            GCSettings.LargeObjectHeapCompactionMode = GCLargeObjectHeapCompactionMode.CompactOnce;
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "A {Request} of {Bytes} bytes was not answered: {Reason}")]
    private partial void LogRefused(string request, int bytes, string reason);
}
