using System.Runtime;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Json;
using OpenClaw.Media;
using OpenClaw.Media.Worker;
using SixLabors.ImageSharp.Memory;
using Wasmtime;
using Decoding = SixLabors.ImageSharp.Configuration;

namespace OpenClaw.Functions.MediaWorker;

/// <summary>The process that reads what strangers send, one file at a time. It limits itself before each file; whatever goes wrong, the
/// gateway ends it. Only here are decoders loaded.</summary>
public static class MediaWorkerProcess
{
    /// <summary>Readers recurse as deep as a file wants; those in managed code have no limit of their own.</summary>
    public const int StackSize = 64 * 1024 * 1024;

    /// <summary>Bytes that an idle worker may hold.</summary>
    private const long MaxIdleMemory = 256L * 1024 * 1024;

    /// <summary>Without a reference to it a registration ends.</summary>
    private static readonly List<PosixSignalRegistration> Ignored = [];

    private static PdfiumModule? _module;

    /// <summary>This process's own temporary folder.</summary>
    private static string? Folder { get; } = Environment.GetEnvironmentVariable(
        MediaWorkerOptions.FolderVariable) is { Length: > 0 } folder ? folder : null;

    /// <param name="arguments">Nothing, or <c>compile WASM MODULE</c>: makes PDFium's machine code for this system.</param>
    /// <returns>The exit code.</returns>
    public static int Run(ReadOnlySpan<string> arguments)
    {
        using var input = Console.OpenStandardInput();
        using var output = Console.OpenStandardOutput();
        var pipes = new MediaWorkerPipes(input, output);

        if (arguments is ["compile", var wasm, var module])
        {
            // Packaging compiles too; it gives no folder, and no input that stays open.
            if (Folder is not null)
            {
                StartListener(pipes);
            }

            File.WriteAllBytes(module, PdfiumModule.Compile(wasm));
        }
        else
        {
            StartListener(pipes);
            var thread = new Thread(() => Serve(pipes), StackSize);
            thread.Start();
            thread.Join();
        }

        DeleteFolder();
        return 0;
    }

    /// <summary>Ends this process as soon as the gateway has gone, also in the middle of a file: there is no other clock then. Signals that
    /// a terminal or a supervisor sends to all processes of a group are for the gateway, which finishes its files first.</summary>
    private static void StartListener(MediaWorkerPipes pipes)
    {
        foreach (var signal in new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP })
        {
            Ignored.Add(PosixSignalRegistration.Create(signal, static context => context.Cancel = true));
        }

        new Thread(() =>
        {
            while (pipes.TryReceive())
            {
            }

            DeleteFolder();
            Environment.Exit(0);
        })
        { IsBackground = true }.Start();
    }

    /// <summary>The gateway does it too, unless it has been killed.</summary>
    private static void DeleteFolder()
    {
        if (Folder is { } folder)
        {
            MediaFolder.Delete(folder);
        }
    }

    private static void Serve(MediaWorkerPipes pipes)
    {
        try
        {
            while (true)
            {
                var report = ReadNext(pipes);
                var isLast = !Clear();
                pipes.End(report with { IsLast = isLast });
                if (isLast)
                {
                    return;
                }
            }
        }
        catch (Exception failure) when (failure is InvalidDataException or IOException or JsonException)
        {
            // The gateway has gone, or this is not one.
        }
    }

    /// <summary>A method of its own: when it has ended, nothing refers to the file any more.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static MediaWorkerReport ReadNext(MediaWorkerPipes pipes)
    {
        var json = pipes.Take(MediaFrame.Request);
        var request = JsonSerializer.Deserialize(json, MediaWorkerJson.Default.MediaWorkerRequest)
            ?? throw new InvalidDataException("No request.");
        return Read(pipes, request, pipes.Take(MediaFrame.File));
    }

    private static MediaWorkerReport Read(MediaWorkerPipes pipes, MediaWorkerRequest request, byte[] content)
    {
        try
        {
            var module = request is PdfRequest { Module: var file } ? Load(file) : null;
            ProcessLimits.Apply(request.WallClock);
            pipes.Start();
            return request switch
            {
                ImageRequest image => Convert(pipes, image, content),
                PdfRequest pdf => new PdfJob(module!, pdf, content, pipes).Run(),
                _ => throw new InvalidDataException("No such request."),
            };
        }
        catch (MediaException refusal)
        {
            return new MediaWorkerReport { Code = refusal.Code, Message = refusal.Message };
        }
        catch (Exception failure) when (failure is OutOfMemoryException or InvalidMemoryOperationException or OverflowException)
        {
            return new MediaWorkerReport { Code = MediaException.TooComplex };
        }
        catch (Exception failure) when (
            failure is DllNotFoundException or TypeInitializationException or BadImageFormatException or WasmtimeException)
        {
            return new MediaWorkerReport { Code = MediaException.ToolsMissing };
        }
    }

    private static MediaWorkerReport Convert(MediaWorkerPipes pipes, ImageRequest request, byte[] file)
    {
        if (new ImageJob(request, file).Run() is not { } jpeg)
        {
            return new MediaWorkerReport { Code = MediaException.Unreadable };
        }

        pipes.Write(jpeg);
        return new MediaWorkerReport();
    }

    private static PdfiumModule Load(string file) => _module ??= PdfiumModule.Load(file);

    /// <returns>False: too much is left.</returns>
    private static bool Clear()
    {
        Decoding.Default.MemoryAllocator.ReleaseRetainedResources();
        GCSettings.LargeObjectHeapCompactionMode = GCLargeObjectHeapCompactionMode.CompactOnce;
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        return Environment.WorkingSet <= MaxIdleMemory;
    }
}
