using System.Runtime;
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

    private static PdfiumModule? _module;

    /// <param name="arguments">Nothing, or <c>compile WASM MODULE</c>: makes PDFium's machine code for this system.</param>
    /// <returns>The exit code.</returns>
    public static int Run(ReadOnlySpan<string> arguments)
    {
        if (arguments is ["compile", var wasm, var module])
        {
            File.WriteAllBytes(module, PdfiumModule.Compile(wasm));
            return 0;
        }

        using var input = Console.OpenStandardInput();
        using var output = Console.OpenStandardOutput();
        var pipes = new MediaWorkerOutput(input, output);
        var thread = new Thread(() => Serve(pipes), StackSize);
        thread.Start();
        thread.Join();
        DeleteFolder();
        return 0;
    }

    /// <summary>The gateway does it too, unless it has been killed.</summary>
    private static void DeleteFolder()
    {
        try
        {
            if (Environment.GetEnvironmentVariable(MediaWorkerOptions.FolderVariable) is { Length: > 0 } folder)
            {
                Directory.Delete(folder, recursive: true);
            }
        }
        catch (IOException)
        {
            // The gateway was first.
        }
    }

    private static void Serve(MediaWorkerOutput pipes)
    {
        try
        {
            while (pipes.Read(MediaFrame.Request) is { } json && pipes.Read(MediaFrame.File) is { } file)
            {
                var request = JsonSerializer.Deserialize(json, MediaWorkerJson.Default.MediaWorkerRequest) ?? throw new InvalidDataException("No request.");
                var report = Read(pipes, request, file);
                file = null;
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

    private static MediaWorkerReport Read(MediaWorkerOutput pipes, MediaWorkerRequest request, byte[] file)
    {
        try
        {
            var module = request switch { PdfRequest pdf => Load(pdf.Module), MediaProbeRequest { Module: { } probed } => Load(probed), _ => null };
            ProcessLimits.Apply(request.WallClock);
            pipes.Start();
            switch (request)
            {
                case ImageRequest image:
                    return Convert(pipes, image, file);
                case PdfRequest pdf:
                    return new PdfJob(module!, pdf, file, pipes).Run();
                default:
                    return new MediaWorkerReport { ReadsPdf = module is not null, ReadsHeif = MagickDecoder.IsAvailable() };
            }
        }
        catch (MediaException refusal)
        {
            return new MediaWorkerReport { Code = refusal.Code, Message = refusal.Message };
        }
        catch (Exception failure) when (failure is OutOfMemoryException or InvalidMemoryOperationException or OverflowException)
        {
            return new MediaWorkerReport { Code = MediaException.TooComplex };
        }
        catch (Exception failure) when (failure is DllNotFoundException or TypeInitializationException or BadImageFormatException or WasmtimeException)
        {
            return new MediaWorkerReport { Code = MediaException.ToolsMissing };
        }
    }

    private static MediaWorkerReport Convert(MediaWorkerOutput pipes, ImageRequest request, byte[] file)
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
