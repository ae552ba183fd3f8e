using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using OpenClaw.Media;
using OpenClaw.Media.Documents;
using OpenClaw.Media.Images;
using OpenClaw.Media.Worker;

namespace OpenClaw.Bench;

/// <summary>Reads every PDF and image of a folder, one after the other, and says what became of them: opened, refused with the reason,
/// time and
/// the worker's memory. PDFs are compared with <c>pdftotext</c> where it is in the PATH.</summary>
internal static class MediaCorpus
{
    private static readonly PdfLimits PdfLimits = new(MaxPages: 1, MaxPixels: 4_000_000, MinTextChars: 200, MaxChars: 200_000);

    /// <summary>Half of a text that another reader finds.</summary>
    private const double Lost = 0.5;

    public static MediaWorkerOptions Options(string gateway)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(gateway))!;
        return new MediaWorkerOptions { Program = MediaWorkerProgram.Find(folder), PdfiumFolder = Path.Combine(folder, "pdfium"), FreeCost = TimeSpan.MaxValue };
    }

    public static MediaWorkers Start(MediaWorkerOptions options) => new(options, TimeProvider.System, NullLogger<MediaWorkers>.Instance);

    public static async Task<int> RunAsync(string folder, string gateway)
    {
        using var workers = Start(Options(gateway));
        var results = new List<Result>();
        foreach (var file in Directory.GetFiles(folder).Order(StringComparer.Ordinal))
        {
            var content = await File.ReadAllBytesAsync(file);
            var isPdf = file.EndsWith(".pdf", StringComparison.OrdinalIgnoreCase);
            var clock = Stopwatch.StartNew();
            var (outcome, detail, length) = isPdf ? await ReadAsync(workers, content) : await ConvertAsync(workers, content);
            results.Add(new Result(Path.GetFileName(file), isPdf ? "pdf" : ImageHeader.Read(content)?.Name ?? "unknown", outcome, clock.Elapsed.TotalMilliseconds, WorkerMemory()));
            var other = isPdf && outcome == "opened" ? await PdfToTextAsync(file) : null;
            if (outcome != "opened" || other * Lost > length)
            {
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {results[^1].Name}: {outcome} {detail} ({length} characters; pdftotext {other?.ToString(CultureInfo.InvariantCulture) ?? "not asked"})"));
            }
        }

        foreach (var kind in results.GroupBy(static r => r.Kind).OrderBy(static g => g.Key, StringComparer.Ordinal))
        {
            var times = kind.Select(static r => r.Milliseconds).Order().ToList();
            var outcomes = string.Join(", ", kind.CountBy(static r => r.Outcome).Select(static o => $"{o.Value} {o.Key}"));
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{kind.Key}: {kind.Count()} files: {outcomes}; p50 {times[times.Count / 2]:F0} ms, p99 {times[(int)(times.Count * 0.99)]:F0} ms, max {times[^1]:F0} ms; worker up to {kind.Max(static r => r.Memory) / 1024} MB"));
        }

        return 0;
    }

    private static async Task<(string Outcome, string Detail, int Length)> ReadAsync(MediaWorkers workers, byte[] pdf)
    {
        try
        {
            var content = await new PdfReader(workers).ReadAsync(pdf, PdfLimits, "bench", CancellationToken.None);
            return ("opened", content.Summary, content.Text.Count(static c => !char.IsWhiteSpace(c)));
        }
        catch (MediaException refusal)
        {
            return (refusal.Code, refusal.Message, 0);
        }
    }

    private static async Task<(string Outcome, string Detail, int Length)> ConvertAsync(MediaWorkers workers, byte[] image)
    {
        try
        {
            if (ImageHeader.Read(image) is not { } info)
            {
                return ("no image", "", 0);
            }

            var jpeg = await new ImageConverter(workers).ToJpegAsync(image, info, 2_048, 64_000_000, 5_000_000, "bench", CancellationToken.None);
            return ("opened", "", jpeg.Length);
        }
        catch (MediaException refusal)
        {
            return (refusal.Code, refusal.Message, 0);
        }
    }

    /// <summary>Characters that are not white space; null where it is not there or fails.</summary>
    private static async Task<int?> PdfToTextAsync(string file)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo("pdftotext", ["-q", file, "-"]) { RedirectStandardOutput = true })!;
            var text = await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            return process.ExitCode == 0 ? Math.Min(PdfLimits.MaxChars, text.Count(static c => !char.IsWhiteSpace(c))) : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    /// <summary>Kilobytes that the largest of this process's workers has had at most; 0 where the system does not tell.</summary>
    private static long WorkerMemory() => !OperatingSystem.IsLinux() ? 0 : Process.GetProcesses().Where(static p => p.ProcessName is "openclaw" or "dotnet").Select(static p =>
    {
        try
        {
            var status = File.ReadAllLines($"/proc/{p.Id}/status");
            var isOwn = status.Contains(string.Create(CultureInfo.InvariantCulture, $"PPid:\t{Environment.ProcessId}"));
            return isOwn ? long.Parse(status.First(static l => l.StartsWith("VmHWM", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) : 0;
        }
        catch (Exception gone) when (gone is IOException or InvalidOperationException)
        {
            return 0;
        }
    }).DefaultIfEmpty().Max();

    private sealed record Result(string Name, string Kind, string Outcome, double Milliseconds, long Memory);
}
