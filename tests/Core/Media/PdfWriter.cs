using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace OpenClaw.Tests.Core.Media;

/// <summary>Writes a PDF object by object. Object 1 is the catalog, object 2 the page tree.</summary>
internal sealed class PdfWriter
{
    public const int Catalog = 1, PageTree = 2;

    private readonly List<byte[]> _objects = [[], []];
    private readonly List<int> _pages = [];

    /// <summary>Entries of the catalog beside its pages.</summary>
    public string CatalogEntries { get; set; } = "";

    /// <summary>The kids of the page tree; null for the pages that were added.</summary>
    public string? Kids { get; set; }

    public PdfEncryption? Encryption { get; init; }

    public int Next => _objects.Count + 1;

    public int Add(string body)
    {
        _objects.Add(Encoding.Latin1.GetBytes(body));
        return _objects.Count;
    }

    public int AddStream(ReadOnlySpan<byte> data, string entries = "")
    {
        var stored = Encryption is null ? data.ToArray() : Encryption.Encrypt(data);
        _objects.Add([.. Ascii($"<< /Length {stored.Length} {entries} >>\nstream\n"), .. stored, .. "\nendstream"u8]);
        return _objects.Count;
    }

    public int AddStream(string data, string entries = "") => AddStream(Encoding.Latin1.GetBytes(data), entries);

    /// <param name="resources">Such as <c>/Font &lt;&lt; /F1 3 0 R &gt;&gt;</c>.</param>
    public void AddPage(int content, string resources = "", string box = "0 0 595 842", string entries = "") =>
        _pages.Add(Add($"<< /Type /Page /Parent {PageTree} 0 R /MediaBox [{box}] /Contents {content} 0 R /Resources << {resources} >> {entries} >>"));

    public byte[] ToBytes()
    {
        var encryption = Encryption is null ? "" : $"/Encrypt {Add(Encryption.Dictionary)} 0 R /ID [<00> <00>]";
        _objects[Catalog - 1] = Ascii($"<< /Type /Catalog /Pages {PageTree} 0 R {CatalogEntries} >>");
        _objects[PageTree - 1] = Ascii(
            $"<< /Type /Pages /Count {_pages.Count} /Kids [{Kids ?? string.Join(' ', _pages.Select(p => $"{p} 0 R"))}] >>");
        using var file = new MemoryStream();
        file.Write("%PDF-1.7\n"u8);
        var table = new StringBuilder();
        for (var index = 0; index < _objects.Count; index++)
        {
            table.Append(CultureInfo.InvariantCulture, $"{file.Length:D10} 00000 n \n");
            file.Write([.. Ascii($"{index + 1} 0 obj\n"), .. _objects[index], .. "\nendobj\n"u8]);
        }

        var start = file.Length;
        file.Write(Ascii($"xref\n0 {_objects.Count + 1}\n0000000000 65535 f \n{table}trailer\n<< /Size {_objects.Count + 1} /Root 1 0 R {encryption} >>\n"));
        file.Write(Ascii($"startxref\n{start}\n%%EOF\n"));
        return file.ToArray();
    }

    public static byte[] Deflate(ReadOnlySpan<byte> data)
    {
        using var deflated = new MemoryStream();
        using (var stream = new ZLibStream(deflated, CompressionLevel.SmallestSize))
        {
            stream.Write(data);
        }

        return deflated.ToArray();
    }

    /// <summary>A zlib stream of some bytes many times over, as fast to make as one time: a flushed block refers to nothing before
    /// it.</summary>
    public static byte[] DeflateRepeated(ReadOnlySpan<byte> first, ReadOnlySpan<byte> chunk, int times)
    {
        using var deflated = new MemoryStream();
        deflated.Write([0x78, 0x9C, .. Block(first)]);
        var block = Block(chunk);
        for (var count = 0; count < times; count++)
        {
            deflated.Write(block);
        }

        deflated.Write([0x03, 0x00, 0, 0, 0, 0]);
        return deflated.ToArray();
    }

    private static byte[] Block(ReadOnlySpan<byte> data)
    {
        using var block = new MemoryStream();
        using var stream = new DeflateStream(block, CompressionLevel.SmallestSize);
        stream.Write(data);
        stream.Flush();
        return block.ToArray();
    }

    private static byte[] Ascii(FormattableString text) => Encoding.ASCII.GetBytes(text.ToString(CultureInfo.InvariantCulture));
}
