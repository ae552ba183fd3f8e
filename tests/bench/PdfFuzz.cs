using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using OpenClaw.Media;
using OpenClaw.Tests.Media;

namespace OpenClaw.Bench;

/// <summary>Damaged PDFs through the reader: each ends in content or a <see cref="MediaException"/>, in time, and leaves no process.
/// Case n of a seed is always the same file.</summary>
internal static class PdfFuzz
{
    private static readonly PdfLimits Limits = new(MaxPages: 2, MaxPixels: 250_000, MinTextChars: 20, MaxChars: 2_000);
    private static readonly TimeSpan Patience = PdfTimes.Default.File + TimeSpan.FromSeconds(10);

    private static readonly byte[][] Samples =
    [
        PdfSamples.Text(), PdfSamples.WithToUnicode(), PdfSamples.WithSurrogates(), PdfSamples.WithoutXref(), PdfSamples.WithBrokenStartXref(),
        PdfSamples.Encrypted(), PdfSamples.Pages(5), PdfSamples.Scanned(40, 40, 3), PdfSamples.EmptyPage("0 0 300 200"), PdfSamples.CyclicForm(),
        PdfSamples.CyclicPageTree(), PdfSamples.Polyglot(), PdfSamples.WithActions("/etc/hostname", new Uri("http://127.0.0.1:9/")),
    ];

    private static readonly byte[][] Tokens = [.. new[]
    {
        "-1", "0", "2147483648", "99999999999999999999", "1e400", "null", "true", "<<", ">>", "[", "]", "(", ")", "<", "stream\n", "\nendstream", "endobj",
        "/Length 0", "/Length 1000000000", "/Filter /LZWDecode", "/Filter [/ASCII85Decode /RunLengthDecode]", "/Filter /DCTDecode", "/Filter /JBIG2Decode",
        "/Filter /JPXDecode", "/Filter /CCITTFaxDecode", "/Filter /Crypt", "/DecodeParms << /Predictor 15 /Columns 2000000000 >>", "/Type /ObjStm", "/Type /XRef",
        "/Prev 9", "/W [8 8 8]", "/Index [0 2147483647]", "/Subtype /Type3", "/ShadingType 7", "/SMask 4 0 R", "/Rotate 45", "/UserUnit 1e9",
        "/MediaBox [0 0 1e9 1e-9]", "/Kids [2 0 R]", "/Parent 3 0 R", "1 0 R", "2 0 R", "3 0 R", "4 0 R", "5 0 R", " Do ", " sh ", " Tj ", " q ", " cm ", " W n ",
    }.Select(Encoding.ASCII.GetBytes)];

    public static async Task<int> RunAsync(int count, int seed)
    {
        using var reader = new PdfReader(new MediaTools());
        var outcomes = new ConcurrentDictionary<string, int>();
        var found = new ConcurrentBag<(int Case, string Outcome)>();
        var clock = Stopwatch.StartNew();
        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = 2 }, async (number, _) =>
        {
            var (outcome, isBug) = await TryAsync(reader, Mutate(seed, number));
            outcomes.AddOrUpdate(outcome, 1, static (_, seen) => seen + 1);
            if (isBug || outcome == MediaException.TooComplex)
            {
                found.Add((number, outcome));
            }
        });

        Console.WriteLine($"seed {seed}, {count} cases, {clock.Elapsed.TotalSeconds:F0} s");
        foreach (var (outcome, times) in outcomes.OrderBy(static o => o.Key, StringComparer.Ordinal))
        {
            Console.WriteLine($"  {times,7} {outcome}");
        }

        foreach (var (number, outcome) in found.Order().Take(20))
        {
            Console.WriteLine($"  case {number}: {outcome}");
        }

        var children = CountChildren();
        Console.WriteLine($"  {children,7} processes left");
        return children == 0 && found.All(static f => f.Outcome == MediaException.TooComplex) ? 0 : 1;
    }

    /// <summary>Writes one case, to look at.</summary>
    public static async Task<int> WriteAsync(int number, int seed)
    {
        await using var output = Console.OpenStandardOutput();
        await output.WriteAsync(Mutate(seed, number));
        return 0;
    }

    private static async Task<(string Outcome, bool IsBug)> TryAsync(PdfReader reader, byte[] pdf)
    {
        try
        {
            var content = await reader.ReadAsync(pdf, Limits, CancellationToken.None).WaitAsync(Patience);
            return content.Text.Length > Limits.MaxChars || content.Text.Any(static c => char.IsControl(c) && c is not '\n' and not '\t') ? ("wrong text", true)
                : content.Pages.Count > Limits.MaxPages ? ("too many pages", true)
                : (content.Pages.Count > 0 ? "pictures" : "text", false);
        }
        catch (MediaException failure)
        {
            return (failure.Code, failure.Code == MediaException.ToolsMissing);
        }
        catch (Exception failure)
        {
            return (failure.GetType().Name, true);
        }
    }

    private static byte[] Mutate(int seed, int number)
    {
        var random = new Random(Mix(seed, number));
        var pdf = Samples[random.Next(Samples.Length)].ToList();
        for (var changes = random.Next(1, 6); changes > 0 && pdf.Count > 16; changes--)
        {
            var (at, length) = (random.Next(pdf.Count), random.Next(1, 64));
            switch (random.Next(8))
            {
                case 0:
                    pdf[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    pdf[at] = (byte)random.Next(256);
                    break;
                case 2:
                    pdf.RemoveRange(at, Math.Min(length, pdf.Count - at));
                    break;
                case 3:
                    pdf.InsertRange(random.Next(pdf.Count), pdf.GetRange(at, Math.Min(length, pdf.Count - at)));
                    break;
                case 4:
                    var other = Samples[random.Next(Samples.Length)];
                    pdf.InsertRange(at, other.Skip(random.Next(other.Length)).Take(length * 8));
                    break;
                case 5 when random.Next(4) == 0:
                    pdf.RemoveRange(at, pdf.Count - at);
                    break;
                case 6:
                    ReplaceNumber(pdf, at, random);
                    break;
                default:
                    pdf.InsertRange(at, Tokens[random.Next(Tokens.Length)]);
                    break;
            }
        }

        return [.. pdf];
    }

    private static void ReplaceNumber(List<byte> pdf, int from, Random random)
    {
        var start = pdf.FindIndex(from, static b => char.IsAsciiDigit((char)b));
        if (start >= 0)
        {
            var end = pdf.FindIndex(start, static b => !char.IsAsciiDigit((char)b));
            pdf.RemoveRange(start, (end < 0 ? pdf.Count : end) - start);
            pdf.InsertRange(start, Encoding.ASCII.GetBytes(random.Next(3) switch
            {
                0 => random.Next(12).ToString(CultureInfo.InvariantCulture),
                1 => random.NextInt64().ToString(CultureInfo.InvariantCulture),
                _ => (-random.Next()).ToString(CultureInfo.InvariantCulture),
            }));
        }
    }

    private static int Mix(int seed, int number) => unchecked((seed * 486187739) + number);

    private static int CountChildren() => Directory.GetDirectories("/proc")
        .Where(static folder => int.TryParse(Path.GetFileName(folder), out _))
        .Count(static folder =>
        {
            try
            {
                return File.ReadAllText(Path.Combine(folder, "stat")).Split(") ")[^1].Split(' ')[1] == Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
            }
            catch (IOException)
            {
                return false;
            }
        });
}
