using System.Text;

namespace OpenClaw.Functions.MediaWorker;

/// <summary>The characters of a page. A call for each of them is slow, so that they are asked for one by one only where that is
/// needed.</summary>
internal sealed class PdfiumText(Pdfium pdfium, int reader, PdfBox box)
{
    /// <summary>Of the characters of a page, which are looked at first.</summary>
    private const int Samples = 64;

    /// <summary>What stands for a hyphen at a line's end, without the line feed.</summary>
    private const char Hyphen = '\uFFFE', OldHyphen = '\u0002';

    /// <param name="maxChars">It stops after this many.</param>
    public (int Unmapped, bool IsCut) Read(StringBuilder text, int maxChars)
    {
        var all = pdfium.Call("FPDFText_CountChars", reader);
        var count = (int)Math.Min(all, maxChars + 1L);
        if (count <= 0)
        {
            return (0, false);
        }

        var length = (2 * count) + 2;
        var whole = pdfium.ReadText(
            (buffer, _) => pdfium.Call("FPDFText_GetText", reader, 0, count, buffer) * sizeof(char), length * sizeof(char));
        if (!HasOutside(count))
        {
            text.Append(whole).Replace($"{Hyphen}", "-\n").Replace($"{OldHyphen}", "-\n");
            return (CountUnmapped(count), count < all);
        }

        return (ReadOneByOne(text, count), count < all);
    }

    /// <summary>Whether a character lies outside the visible part: text is drawn in runs, each with a rectangle.</summary>
    private bool HasOutside(int count)
    {
        var place = pdfium.Allocate(4 * sizeof(double));
        var rectangles = pdfium.Call("FPDFText_CountRects", reader, 0, count);
        var isOutside = false;
        for (var i = 0; i < rectangles && !isOutside; i++)
        {
            pdfium.Call("FPDFText_GetRect", reader, i, place, place + 8, place + 16, place + 24);
            isOutside = !box.Contains(pdfium.ReadDouble(place), pdfium.ReadDouble(place + 24))
                || !box.Contains(pdfium.ReadDouble(place + 16), pdfium.ReadDouble(place + 8));
        }

        pdfium.Run("free", place);
        return isOutside;
    }

    private int CountUnmapped(int count)
    {
        var step = Math.Max(1, count / Samples);
        var isAny = false;
        for (var i = 0; i < count && !isAny; i += step)
        {
            isAny = IsUnmapped(i);
        }

        return isAny ? Enumerable.Range(0, count).Count(IsUnmapped) : 0;
    }

    private bool IsUnmapped(int index) =>
        pdfium.Call("FPDFText_HasUnicodeMapError", reader, index) == 1
        || (pdfium.Call("FPDFText_IsGenerated", reader, index) != 1
            && PdfPageText.IsPrivate((uint)pdfium.Call("FPDFText_GetUnicode", reader, index)));

    private int ReadOneByOne(StringBuilder text, int count)
    {
        var place = pdfium.Allocate(2 * sizeof(double));
        var unmapped = 0;
        for (var i = 0; i < count; i++)
        {
            if (pdfium.Call("FPDFText_IsGenerated", reader, i) != 1)
            {
                if (pdfium.Call("FPDFText_GetCharOrigin", reader, i, place, place + sizeof(double)) != 0
                    && !box.Contains(pdfium.ReadDouble(place), pdfium.ReadDouble(place + sizeof(double))))
                {
                    continue;
                }

                unmapped += IsUnmapped(i) ? 1 : 0;
            }

            Append(text, (uint)pdfium.Call("FPDFText_GetUnicode", reader, i));
        }

        pdfium.Run("free", place);
        return unmapped;
    }

    private static void Append(StringBuilder text, uint code)
    {
        if (code is Hyphen or OldHyphen)
        {
            text.Append("-\n");
        }
        else if (Rune.IsValid(code) && code > char.MaxValue)
        {
            text.Append(new Rune(code).ToString());
        }
        else if (code is > 0 and < char.MaxValue)
        {
            text.Append((char)code);
        }
    }
}
