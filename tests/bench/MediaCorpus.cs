using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using OpenClaw.Media;
using OpenClaw.Media.Documents;
using OpenClaw.Media.Images;
using OpenClaw.Media.Worker;

namespace OpenClaw.Bench;

/// <summary>Reads every PDF and image of a folder, one after the other, and says what became of them: opened, refused with the reason,
/// time and the worker's memory; compared with <see cref="OtherReaders"/>.</summary>
internal static class MediaCorpus
{
    private static readonly PdfLimits PdfLimits = new(MaxPages: 1, MaxPixels: 4_000_000, MinTextChars: 200, MaxChars: 200_000);

    private const string Opened = "opened";

    /// <summary>Shares of what another reader finds.</summary>
    private const double Lost = 0.5, Same = 0.95;

    public static MediaWorkerOptions Options(string gateway)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(gateway))!;
        return new MediaWorkerOptions
        {
            Program = MediaWorkerProgram.Find(folder),
            PdfiumFolder = Path.Combine(
            folder, "pdfium"),
            FreeCost = TimeSpan.MaxValue
        };
    }

    public static MediaWorkers Start(MediaWorkerOptions options) => new(options, TimeProvider.System, NullLogger<MediaWorkers>.Instance);

    public static async Task<int> RunAsync(string folder, string gateway, string? pictures = null)
    {
        using var workers = Start(Options(gateway));
        var results = new List<Result>();
        foreach (var file in Directory.GetFiles(folder).Order(StringComparer.Ordinal))
        {
            var content = await File.ReadAllBytesAsync(file);
            var isPdf = file.EndsWith(".pdf", StringComparison.OrdinalIgnoreCase);
            var kind = isPdf ? "pdf" : ImageHeader.Read(content)?.Name ?? "unknown";
            var clock = Stopwatch.StartNew();
            var (outcome, detail) = isPdf ? await ReadAsync(workers, content, PicturesOf(file))
                : await ConvertAsync(workers, content, PicturesOf(file));
            var result = new Result(Path.GetFileName(file), kind, outcome, clock.Elapsed.TotalMilliseconds, WorkerMemory());
            results.Add(result with
            {
                Alike = outcome != Opened ? null : isPdf ? await CompareTextAsync(file, detail)
                : await CompareSizeAsync(file, detail)
            });
            if (outcome != Opened || results[^1].Alike < Lost)
            {
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture, $"  {result.Name}: {outcome} {(outcome == Opened && isPdf ? $"{detail.Length} characters" : detail)}; alike {results[^1].Alike:P0}"));
            }
        }

        foreach (var kind in results.GroupBy(static r => r.Kind).OrderBy(static g => g.Key, StringComparer.Ordinal))
        {
            Console.WriteLine(Describe(kind.Key, [.. kind]));
        }

        return 0;

        string? PicturesOf(string file) => pictures is null ? null : Path.Combine(pictures, Path.GetFileName(file) + ".jpg");
    }

    private static string Describe(string kind, List<Result> results)
    {
        var times = results.Select(static r => r.Milliseconds).Order().ToList();
        var outcomes = string.Join(", ", results.CountBy(static r => r.Outcome).Select(static o => $"{o.Value} {o.Key}"));
        var alike = results.Select(static r => r.Alike).OfType<double>().Order().ToList();
        var compared = alike.Count == 0
            ? "not compared"
            : $"{alike.Count} compared with another reader: {alike.Count(static a => a >= Same)} the same, {alike.Count(static a => a < Lost)} different, median {alike[alike.Count / 2]:P1}";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{kind}: {results.Count} files: {outcomes}; p50 {times[times.Count / 2]:F0} ms, p99 {times[(int)(times.Count * 0.99)]:F0} ms, max {times[^1]:F0} ms; worker up to {results.Max(static r => r.Memory) / 1024} MB; {compared}");
    }

    /// <returns>The text, or what was refused.</returns>
    private static async Task<(string Outcome, string Detail)> ReadAsync(MediaWorkers workers, byte[] pdf, string? picture)
    {
        try
        {
            var limits = picture is null ? PdfLimits : PdfLimits with { MinTextChars = int.MaxValue };
            var content = await new PdfReader(workers).ReadAsync(pdf, limits, "bench", CancellationToken.None);
            if (picture is not null && content.Pages is [var page, ..])
            {
                await File.WriteAllBytesAsync(picture, page);
            }

            return (Opened, content.Text);
        }
        catch (MediaException refusal)
        {
            return (refusal.Code, refusal.Message);
        }
    }

    /// <returns>Width and height of the JPEG, or what was refused.</returns>
    private static async Task<(string Outcome, string Detail)> ConvertAsync(MediaWorkers workers, byte[] image, string? picture)
    {
        try
        {
            if (ImageHeader.Read(image) is not { } info)
            {
                return ("no image", "");
            }

            var jpeg = await new ImageConverter(workers).ToJpegAsync(
                image, info, 2_048, 64_000_000, 5_000_000, "bench", CancellationToken.None);
            if (picture is not null)
            {
                await File.WriteAllBytesAsync(picture, jpeg);
            }

            var sent = ImageHeader.Read(jpeg);
            return (Opened, string.Create(CultureInfo.InvariantCulture, $"{sent?.Width} {sent?.Height}"));
        }
        catch (MediaException refusal)
        {
            return (refusal.Code, refusal.Message);
        }
    }

    private static async Task<double?> CompareTextAsync(string pdf, string text) =>
        await OtherReaders.ReadTextAsync(pdf) is { } other ? OtherReaders.Compare(text, other, PdfLimits.MaxChars / 2) : null;

    private static async Task<double?> CompareSizeAsync(string image, string size)
    {
        var sent = size.Split(' ').Select(static s => int.Parse(s, CultureInfo.InvariantCulture)).ToList();
        return await OtherReaders.ReadSizeAsync(image) is { } stored ? OtherReaders.IsWhole((sent[0], sent[1]), stored) ? 1 : 0 : null;
    }

    /// <summary>Kilobytes that the largest of this process's workers has had at most; 0 where the system does not tell.</summary>
    private static long WorkerMemory() =>
        !OperatingSystem.IsLinux() ? 0
        : Process.GetProcesses().Where(static p => p.ProcessName is "openclaw" or "dotnet").Select(static p =>
    {
        try
        {
            var status = File.ReadAllLines($"/proc/{p.Id}/status");
            var isOwn = status.Contains(string.Create(CultureInfo.InvariantCulture, $"PPid:\t{Environment.ProcessId}"));
            return isOwn ? long.Parse(
                status.First(static l => l.StartsWith("VmHWM", StringComparison.Ordinal)).Split(
                ' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) : 0;
        }
        catch (Exception gone) when (gone is IOException or InvalidOperationException)
        {
            return 0;
        }
    }).DefaultIfEmpty().Max();

    private sealed record Result(string Name, string Kind, string Outcome, double Milliseconds, long Memory)
    {
        /// <summary>1: another reader says the same; null where it was not asked.</summary>
        public double? Alike { get; init; }
    }
}
