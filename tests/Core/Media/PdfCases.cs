namespace OpenClaw.Tests.Core.Media;

/// <summary>PDFs in which what a viewer shows is not what the text says.</summary>
public static class PdfCases
{
    private const string Helvetica = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>";

    /// <summary>One word inside the crop box, one outside.</summary>
    public static byte[] Cropped()
    {
        var pdf = new PdfWriter();
        var font = pdf.Add(Helvetica);
        var content = pdf.AddStream("BT /F1 12 Tf 20 50 Td (visible) Tj ET BT /F1 12 Tf 300 400 Td (hidden) Tj ET");
        pdf.AddPage(content, $"/Font << /F1 {font} 0 R >>", entries: "/CropBox [0 0 200 100]");
        return pdf.ToBytes();
    }

    /// <summary>A text field that says Ann, and a password field.</summary>
    public static byte[] Form()
    {
        var pdf = new PdfWriter();
        var name = pdf.Add("<< /Type /Annot /Subtype /Widget /FT /Tx /T (first) /TU (Given name) /V (Ann) /Rect [50 700 250 720] /DA (/Helv 12 Tf 0 g) /F 4 >>");
        var secret = pdf.Add("<< /Type /Annot /Subtype /Widget /FT /Tx /T (secret) /Ff 8192 /V (hunter2) /Rect [50 650 250 670] /DA (/Helv 12 Tf 0 g) /F 4 >>");
        var font = pdf.Add(Helvetica);
        pdf.CatalogEntries =
            $"/AcroForm << /Fields [{name} 0 R {secret} 0 R] /DR << /Font << /Helv {font} 0 R >> >> /DA (/Helv 12 Tf 0 g) >>";
        pdf.AddPage(pdf.AddStream(""), entries: $"/Annots [{name} 0 R {secret} 0 R]");
        return pdf.ToBytes();
    }

    /// <summary>A page of text, and one whose text is a drawing.</summary>
    public static byte[] WithLostPage()
    {
        var pdf = new PdfWriter();
        var font = pdf.Add(Helvetica);
        pdf.AddPage(pdf.AddStream($"BT /F1 12 Tf 50 700 Td ({PdfSamples.Sentence}) Tj ET"), $"/Font << /F1 {font} 0 R >>");
        pdf.AddPage(pdf.AddStream("1 0 0 rg 100 100 200 200 re f"));
        return pdf.ToBytes();
    }
}
