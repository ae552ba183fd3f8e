using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;

namespace OpenClaw.Media;

/// <summary>Turns images into upright JPEGs, each in a media worker of its own: what a hostile image breaks is not this process.</summary>
public sealed partial class ImageConverter(MediaTools tools, MediaWorkerOptions options, ILogger<ImageConverter> logger) : IDisposable
{
    private const byte Quality = 85;

    private const int MaxOutputBytes = 64 * 1024 * 1024;

    private const int SegmentationFault = 128 + 11;

    private readonly SemaphoreSlim _turns = new(options.MaxProcesses);

    /// <param name="info">The header of <paramref name="image"/>.</param>
    /// <param name="maxEdge">Pixels; a larger image is scaled down to it.</param>
    /// <param name="maxPixels">An image with more is refused.</param>
    /// <returns>The JPEG, alpha flattened on white.</returns>
    /// <exception cref="MediaException"><c>unreadable_file</c>, <c>file_too_large</c>, <c>file_too_complex</c>, <c>media_tools_missing</c>.</exception>
    public async Task<byte[]> ToJpegAsync(
        ReadOnlyMemory<byte> image, ImageInfo info, int maxEdge, long maxPixels, CancellationToken cancellationToken)
    {
        if (info.Pixels > maxPixels)
        {
            throw TooLarge(maxPixels);
        }

        if (image.Length > MediaWorkerRequest.MaxImageLength)
        {
            throw new MediaException(MediaException.TooLarge, $"The image has more than {MediaWorkerRequest.MaxImageLength} bytes.");
        }

        var libraries = tools.Images ?? throw Missing(info);
        var input = new byte[MediaWorkerRequest.Length + image.Length];
        new MediaWorkerRequest(Quality, maxEdge, maxPixels, image.Length).Write(input);
        image.CopyTo(input.AsMemory(MediaWorkerRequest.Length));
        var program = options.Program with { Environment = CreateEnvironment(libraries) };
        await _turns.WaitAsync(cancellationToken);
        ToolResult result;
        try
        {
            result = await ToolProcess.RunAsync(program, [], input, new ToolLimits(options.WallClock, MaxOutputBytes) { MayWriteFiles = true }, cancellationToken);
        }
        finally
        {
            _turns.Release();
        }

        return Check(result, info, maxPixels);
    }

    public void Dispose() => _turns.Dispose();

    private byte[] Check(ToolResult result, ImageInfo info, long maxPixels)
    {
        if (result is { ExitCode: MediaWorkerExit.Ok, IsTimedOut: false, IsCut: false, Output: [0xFF, 0xD8, ..] })
        {
            return result.Output;
        }

        LogRefused(info.MediaType, info.Width, info.Height, result.ExitCode, result.IsTimedOut);
        throw result switch
        {
            { IsTimedOut: true } or { IsCut: true } => TooComplex(),
            { ExitCode: MediaWorkerExit.TooLarge } => TooLarge(maxPixels),
            { ExitCode: MediaWorkerExit.OutOfMemory } => TooComplex(),
            { ExitCode: MediaWorkerExit.Unreadable or SegmentationFault } =>
                new MediaException(MediaException.Unreadable, $"The {info.Name} image is broken, or of a kind that cannot be read."),
            { ExitCode: MediaWorkerExit.LibrariesMissing } => Missing(info),
            { ExitCode: > 128 } => TooComplex(),
            _ => new MediaException(MediaException.ToolsMissing, "The program that converts images does not run on this gateway."),
        };
    }

    /// <summary>All that .NET needs to start: nothing of this process's configuration and secrets.</summary>
    private static Dictionary<string, string> CreateEnvironment(ImageLibraries libraries)
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["DOTNET_EnableDiagnostics"] = "0",
            ["DOTNET_gcServer"] = "0",
            ["DOTNET_gcConcurrent"] = "0",
            ["DOTNET_GCHeapHardLimit"] = "0x4000000",
            ["DOTNET_TieredPGO"] = "0",
        };
        if (FindRuntime() is { } root)
        {
            environment["DOTNET_ROOT"] = root;
        }

        foreach (var (name, value) in libraries.Environment)
        {
            environment[name] = value;
        }

        if (libraries.Folder is { } folder)
        {
            environment[MediaWorkerOptions.LibrariesVariable] = folder;
        }

        return environment;
    }

    /// <summary>The installation of .NET that runs this process; null when it brings its own runtime.</summary>
    private static string? FindRuntime()
    {
        var shared = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", ".."));
        return Path.GetFileName(shared) == "shared" ? Path.GetDirectoryName(shared) : null;
    }

    private static MediaException TooLarge(long maxPixels) =>
        new(MediaException.TooLarge, $"The image has more than {maxPixels} pixels.");

    private static MediaException TooComplex() =>
        new(MediaException.TooComplex, "Converting the image takes more time or memory than one image may.");

    private static MediaException Missing(ImageInfo info) => new(
        MediaException.ToolsMissing,
        $"Converting {info.Name} images needs libheif, libjpeg-turbo, libpng and libwebp, which are not installed on this gateway.");

    [LoggerMessage(Level = LogLevel.Information, Message = "A {MediaType} image of {Width} x {Height} was not converted: exit code {ExitCode}, timed out: {IsTimedOut}")]
    private partial void LogRefused(string mediaType, int width, int height, int exitCode, bool isTimedOut);
}
