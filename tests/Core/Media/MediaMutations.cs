using System.Globalization;
using System.Text;

namespace OpenClaw.Tests.Core.Media;

/// <summary>Damaged files. Case n of a seed is always the same file: bytes changed, numbers made extreme, parts cut out, doubled or taken
/// from
/// another sample.</summary>
internal sealed class MediaMutations(string folder)
{
    /// <summary>One for each decoder.</summary>
    public static IReadOnlyList<string> Kinds { get; } = ["pdf", "jpeg", "png", "gif", "webp", "heic", "avif"];

    private static readonly byte[][] Tokens = [.. new[]
    {
        "-1", "0", "2147483648", "99999999999999999999", "1e400", "null", "true", "<<", ">>", "[", "]", "(", ")", "<", "stream\n",
            "\nendstream", "endobj",
        "/Length 0", "/Length 1000000000", "/Filter /LZWDecode", "/Filter [/ASCII85Decode /RunLengthDecode]", "/Filter /DCTDecode",
            "/Filter /JBIG2Decode",
        "/Filter /JPXDecode", "/Filter /CCITTFaxDecode", "/Filter /Crypt", "/DecodeParms << /Predictor 15 /Columns 2000000000 >>",
            "/Type /ObjStm", "/Type /XRef",
        "/Prev 9", "/W [8 8 8]", "/Index [0 2147483647]", "/Subtype /Type3", "/ShadingType 7", "/SMask 4 0 R", "/Rotate 45",
            "/UserUnit 1e9",
        "/MediaBox [0 0 1e9 1e-9]", "/Kids [2 0 R]", "/Parent 3 0 R", "1 0 R", "2 0 R", "3 0 R", "4 0 R", "5 0 R", " Do ", " sh ", " Tj ",
            " q ", " cm ", " W n ",
    }.Select(Encoding.ASCII.GetBytes)];

    private readonly Dictionary<string, byte[][]> _samples = new(StringComparer.Ordinal)
    {
        ["pdf"] =
        [
            PdfSamples.Text(), PdfSamples.WithToUnicode(), PdfSamples.WithSurrogates(), PdfSamples.WithoutXref(),
                PdfSamples.WithBrokenStartXref(),
            PdfSamples.Encrypted(), PdfSamples.Pages(5), PdfSamples.Scanned(40, 40, 3), PdfSamples.EmptyPage(
                "0 0 300 200"), PdfSamples.CyclicForm(),
            PdfSamples.CyclicPageTree(), PdfSamples.Polyglot(), PdfSamples.WithActions("/etc/hostname", new Uri("http://127.0.0.1:9/")),
            PdfCases.Form(), PdfCases.Cropped(), PdfCases.WithLostPage(),
        ],
        ["jpeg"] = [Read(folder, "red_p3_8100x64.jpg"), Read(folder, "photoshop-200dpi-broken.jpg"), ImageSamples.Orient(
            Read(folder, "photoshop-200dpi-broken.jpg"), 6)],
        ["png"] = [ImageSamples.Png(64, 32), ImageSamples.NoisePng(48, 32), ImageSamples.Png(64, 32, bits: 16), ImageSamples.Png(
            64, 32, isLowerHalfClear: true), ImageSamples.AnimatedPng()],
        ["gif"] = [ImageSamples.Gif(20, 10, pictures: 3), ImageSamples.Gif(8, 8)],
        ["webp"] = [.. new[] { "quarters.webp", "quarters-lossless.webp", "quarters-clear.webp", "noise.webp" }.Select(
            name => Read(folder, name))],
        ["heic"] =
        [
            .. new[] { "quarters.heic", "quarters-10bit.heic", "quarters-clear.heic", "noise.heic" }.Select(name => Read(folder, name)),
            new HeifSample(Read(folder, "quarters.heic")) { Turns = 1 }.WriteGrid(2, 2),
        ],
        ["avif"] = [.. new[] { "quarters.avif", "quarters-clear.avif", "blue-and-magenta-crop.avif" }.Select(name => Read(folder, name))],
    };

    public byte[] Make(string kind, int seed, int number)
    {
        var samples = _samples[kind];
        var random = new Random(unchecked((seed * 486187739) + number));
        var file = samples[random.Next(samples.Length)].ToList();
        for (var changes = random.Next(1, 6); changes > 0 && file.Count > 16; changes--)
        {
            // Most of what decides lies in front.
            var at = random.Next(random.Next(3) == 0 ? file.Count : Math.Min(file.Count, 700));
            Change(file, at, random, samples, isText: kind == "pdf");
        }

        return [.. file];
    }

    private static byte[] Read(string folder, string name) => File.ReadAllBytes(Path.Combine(folder, name));

    private static void Change(List<byte> file, int at, Random random, byte[][] samples, bool isText)
    {
        var length = Math.Min(random.Next(1, 64), file.Count - at);
        switch (random.Next(isText ? 10 : 7))
        {
            case 0:
                file[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1:
                file[at] = (byte)random.Next(256);
                break;
            case 2:
                file[at] = random.Next(2) == 0 ? byte.MaxValue : (byte)0;
                break;
            case 3:
                file.RemoveRange(at, length);
                break;
            case 4:
                file.InsertRange(at, file.GetRange(at, length));
                break;
            case 5:
                var other = samples[random.Next(samples.Length)];
                file.InsertRange(at, other.Skip(random.Next(other.Length)).Take(length * 4));
                break;
            case 6 when random.Next(4) == 0:
                file.RemoveRange(at, file.Count - at);
                break;
            case 7:
                ReplaceNumber(file, at, random);
                break;
            default:
                file.InsertRange(at, isText ? Tokens[random.Next(Tokens.Length)] : [255, 255, 255, 255]);
                break;
        }
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
}
