using System.Text;

namespace OpenClaw.Functions.MediaWorker;

/// <summary>A page that is open.</summary>
internal sealed class PdfiumPage(Pdfium pdfium, int page, int form) : IDisposable
{
    private const int DrawAnnotations = 1;

    /// <summary>PDFium draws blue, green, red; with this flag red, green, blue, as encoders take it.</summary>
    private const int ReverseBytes = 0x10;

    private const int FormatWithAlpha = 4;

    private const int White = -1;

    private const int MaxPageChars = 1_000_000;

    /// <summary>Whether it has anything to draw.</summary>
    public bool HasObjects => pdfium.Call("FPDFPage_CountObjects", page) > 0;

    /// <summary>The text that a viewer shows: within the crop box, in reading order, form values at the end.</summary>
    public PdfPageText ReadText(int maxChars)
    {
        var text = new StringBuilder();
        var (unmapped, isCut) = (0, false);
        var reader = pdfium.Call("FPDFText_LoadPage", page);
        if (reader != 0)
        {
            (unmapped, isCut) = new PdfiumText(pdfium, reader, ReadBox()).Read(text, Math.Min(maxChars, MaxPageChars));
            pdfium.Run("FPDFText_ClosePage", reader);
        }

        new PdfiumAnnotations(pdfium, page, form).Read(text, maxChars);
        return new PdfPageText(text.ToString(), unmapped) { IsCut = isCut };
    }

    /// <summary>Draws the crop box, turned as the page says, with annotations and form values on white.</summary>
    /// <param name="longest">Pixels of the longer edge.</param>
    public PdfPicture Draw(int longest)
    {
        float width = pdfium.Measure("FPDF_GetPageWidthF", page), height = pdfium.Measure("FPDF_GetPageHeightF", page);
        var scale = longest / Math.Max(width, height);
        var (columns, rows) = (Scale(width, scale, longest), Scale(height, scale, longest));
        var bitmap = pdfium.Call("FPDFBitmap_CreateEx", columns, rows, FormatWithAlpha, 0, 0);
        if (bitmap == 0)
        {
            throw new InsufficientMemoryException();
        }

        pdfium.Call("FPDFBitmap_FillRect", bitmap, 0, 0, columns, rows, White);
        pdfium.RunMany("FPDF_RenderPageBitmap", bitmap, page, 0, 0, columns, rows, 0, DrawAnnotations | ReverseBytes);
        if (form != 0)
        {
            pdfium.RunMany("FPDF_FFLDraw", form, bitmap, page, 0, 0, columns, rows, 0, DrawAnnotations | ReverseBytes);
        }

        var stride = pdfium.Call("FPDFBitmap_GetStride", bitmap);
        var pixels = pdfium.Read(pdfium.Call("FPDFBitmap_GetBuffer", bitmap), stride * rows).ToArray();
        pdfium.Run("FPDFBitmap_Destroy", bitmap);
        return new PdfPicture(pixels, columns, rows);
    }

    public void Dispose() => pdfium.Run("FPDF_ClosePage", page);

    private static int Scale(float edge, float scale, int longest) =>
        float.IsFinite(edge * scale) ? Math.Clamp((int)MathF.Ceiling((edge * scale) - 0.01f), 1, longest) : longest;

    private PdfBox ReadBox()
    {
        var place = pdfium.Allocate(4 * sizeof(float));
        var box = pdfium.Call("FPDF_GetPageBoundingBox", page, place) == 0
            ? PdfBox.All
            : new PdfBox(pdfium.ReadSingle(place), pdfium.ReadSingle(place + 12), pdfium.ReadSingle(place + 8), pdfium.ReadSingle(
                place + 4));
        pdfium.Run("free", place);
        return box;
    }
}

/// <summary>The visible part of a page, in its own units.</summary>
internal readonly record struct PdfBox(double Left, double Bottom, double Right, double Top)
{
    /// <summary>A glyph's origin may lie a little outside while most of the glyph is visible.</summary>
    private const double Margin = 2;

    public static PdfBox All { get; } = new(double.MinValue, double.MinValue, double.MaxValue, double.MaxValue);

    public bool Contains(double x, double y) => x >= Left - Margin && x <= Right + Margin && y >= Bottom - Margin && y <= Top + Margin;
}

/// <summary>Red, green, blue and alpha of each pixel, rows without gaps.</summary>
internal sealed record PdfPicture(byte[] Pixels, int Width, int Height)
{
    /// <summary>All of one colour.</summary>
    public bool IsBlank => MemoryExtensions.CommonPrefixLength(Pixels.AsSpan(4), Pixels.AsSpan()) == Pixels.Length - 4;
}

/// <summary>What a page says.</summary>
/// <param name="Unmapped">Characters of which the file does not tell what they mean.</param>
internal sealed record PdfPageText(string Text, int Unmapped)
{
    private const int GarbledShare = 10;

    private const int FewCharacters = 4;

    /// <summary>There is more.</summary>
    public bool IsCut { get; init; }

    /// <summary>Characters that are not white space.</summary>
    public int Length { get; } = Text.Count(static c => !char.IsWhiteSpace(c));

    /// <summary>So much of it is unmapped that only a picture tells what the page says.</summary>
    public bool IsGarbled => Unmapped > FewCharacters && Unmapped * GarbledShare >= Length;

    /// <summary>Codes that mean something in one font only, and the sign for an unknown character.</summary>
    public static bool IsPrivate(uint code) =>
        code is 0xFFFD or 0 or (>= 0xE000 and <= 0xF8FF) or (>= 0xF0000 and <= 0x10FFFF) or (> 0 and < 0x20 and not ('\n' or '\r' or '\t'));
}
