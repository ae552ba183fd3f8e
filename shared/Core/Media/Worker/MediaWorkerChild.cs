using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace OpenClaw.Media.Worker;

/// <summary>What came of a file.</summary>
/// <param name="Texts">Of pages, in their order.</param>
/// <param name="Report">Null: the worker met a limit or crashed; what it gave before is there.</param>
public sealed record MediaAnswer(IReadOnlyList<string> Texts, IReadOnlyList<byte[]> Pictures, MediaWorkerReport? Report);

/// <summary>A media worker that runs. It is killed when a file's time is up, its answer too long, or no caller waits any more.</summary>
internal sealed class MediaWorkerChild : IDisposable
{
    private const int MaxAnswer = 64 * 1024 * 1024;

    private readonly Process _process;
    private readonly MediaFolder _folder;

    private MediaWorkerChild(Process process, MediaFolder folder)
    {
        (_process, _folder) = (process, folder);
        _ = process.StandardError.BaseStream.CopyToAsync(Stream.Null);
    }

    /// <summary>Since when it has no file; for whom keeps it.</summary>
    public DateTimeOffset IdleSince { get; set; }

    /// <exception cref="MediaException"><c>media_tools_missing</c>.</exception>
    public static MediaWorkerChild Start(NativeProgram program, params ReadOnlySpan<string> arguments)
    {
        var start = new ProcessStartInfo(program.File)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetPathRoot(Environment.SystemDirectory) is { Length: > 0 } root ? root : "/",
        };
        // The decoder of HEIC reads nothing but files; this folder goes with the process.
        var folder = MediaFolder.Create();
        start.Environment.Clear();
        start.Environment[MediaWorkerOptions.FolderVariable] = folder.Path;
        foreach (var (name, value) in program.Environment)
        {
            start.Environment[name] = value;
        }

        foreach (var argument in program.FirstArguments)
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        try
        {
            return new MediaWorkerChild(Process.Start(start)!, folder);
        }
        catch (Win32Exception failure)
        {
            folder.Dispose();
            throw new MediaException(MediaException.ToolsMissing, "The program that reads files does not start on this gateway.", failure);
        }
    }

    /// <returns>Null: it ended before it was ready for the file.</returns>
    /// <param name="startTime">Until it is ready.</param>
    /// <param name="wallClock">Of the file, from then on.</param>
    public async Task<MediaAnswer?> RunAsync(
        MediaWorkerRequest request, ReadOnlyMemory<byte> file, TimeSpan startTime, TimeSpan wallClock, CancellationToken cancellationToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        end.CancelAfter(startTime);
        await using var killing = end.Token.Register(Kill);
        var texts = new List<string>();
        var pictures = new List<byte[]>();
        MediaWorkerReport? report = null;
        var isStarted = false;
        try
        {
            var output = _process.StandardOutput.BaseStream;
            await SendAsync(request, file, end.Token);
            for (var room = MaxAnswer; report is null
                && await MediaFrames.ReadAsync(output, room, end.Token) is var (kind, content); room -= content.Length)
            {
                switch (kind)
                {
                    case MediaFrame.Started when !isStarted:
                        isStarted = true;
                        end.CancelAfter(wallClock);
                        break;
                    case MediaFrame.Text:
                        texts.Add(Encoding.UTF8.GetString(content));
                        break;
                    case MediaFrame.Picture when content is [0xFF, 0xD8, .., 0xFF, 0xD9]:
                        pictures.Add(content);
                        break;
                    case MediaFrame.End:
                        report = JsonSerializer.Deserialize(content, MediaWorkerJson.Default.MediaWorkerReport);
                        isStarted = true;
                        break;
                    default:
                        throw new InvalidDataException("A media worker answers something else.");
                }
            }
        }
        catch (Exception failure) when (failure is IOException or InvalidDataException or JsonException or OperationCanceledException)
        {
            // It was killed, has crashed, or says nonsense: what came before counts.
            cancellationToken.ThrowIfCancellationRequested();
        }

        cancellationToken.ThrowIfCancellationRequested();
        return isStarted ? new MediaAnswer(texts, pictures, report) : null;
    }

    /// <summary>Waits for the end of a worker that is given no file.</summary>
    public async Task<bool> SucceedsAsync(CancellationToken cancellationToken)
    {
        await using var killing = cancellationToken.Register(Kill);
        await _process.WaitForExitAsync(CancellationToken.None);
        return _process.ExitCode == 0;
    }

    public void Dispose()
    {
        Kill();
        _process.WaitForExit();
        _process.Dispose();
        _folder.Dispose();
    }

    private async Task SendAsync(MediaWorkerRequest request, ReadOnlyMemory<byte> file, CancellationToken cancellationToken)
    {
        var input = _process.StandardInput.BaseStream;
        try
        {
            await MediaFrames.WriteAsync(
                input, MediaFrame.Request, JsonSerializer.SerializeToUtf8Bytes(
                request, MediaWorkerJson.Default.MediaWorkerRequest), cancellationToken);
            await MediaFrames.WriteAsync(input, MediaFrame.File, file, cancellationToken);
        }
        catch (IOException)
        {
            // It has ended: what it answered before tells.
        }
    }

    private void Kill()
    {
        try
        {
            _process.Kill();
        }
        catch (Exception failure) when (failure is InvalidOperationException or Win32Exception)
        {
            // It has ended by itself.
        }
    }
}
