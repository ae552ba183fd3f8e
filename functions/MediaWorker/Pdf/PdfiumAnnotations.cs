using System.Text;

namespace OpenClaw.Functions.MediaWorker;

/// <summary>What a page's form fields and free-text notes say: viewers show it, but it is no part of the page's text.</summary>
internal sealed class PdfiumAnnotations(Pdfium pdfium, int page, int form)
{
    private const int FreeText = 3;

    private const int Widget = 20;

    private const int Hidden = 2;

    private const int NoView = 32;

    private const int PasswordFlag = 1 << 13;

    private const int MaxAnnotations = 10_000;

    private const int MaxName = 1_000;

    private const int MaxValue = 200_000;

    private const int PushButton = 1;

    private const int CheckBox = 2;

    private const int RadioButton = 3;

    public void Read(StringBuilder text, int maxChars)
    {
        var count = Math.Min(pdfium.Call("FPDFPage_GetAnnotCount", page), MaxAnnotations);
        for (var i = 0; i < count && text.Length <= maxChars; i++)
        {
            var annotation = pdfium.Call("FPDFPage_GetAnnot", page, i);
            if (annotation == 0)
            {
                continue;
            }

            if ((pdfium.Call("FPDFAnnot_GetFlags", annotation) & (Hidden | NoView)) == 0)
            {
                Append(text, ReadOne(annotation));
            }

            pdfium.Run("FPDFPage_CloseAnnot", annotation);
        }
    }

    private static void Append(StringBuilder text, string line)
    {
        if (line.Length > 0)
        {
            text.Append(text.Length > 0 && text[^1] != '\n' ? "\n" : "").Append(line).Append('\n');
        }
    }

    private string ReadOne(int annotation) => pdfium.Call("FPDFAnnot_GetSubtype", annotation) switch
    {
        FreeText => ReadContents(annotation),
        Widget when form != 0 => ReadField(annotation),
        _ => "",
    };

    private string ReadContents(int annotation)
    {
        var key = pdfium.Write("Contents");
        var text = pdfium.ReadText((buffer, length) => pdfium.Call("FPDFAnnot_GetStringValue", annotation, key, buffer, length), MaxValue);
        pdfium.Run("free", key);
        return text;
    }

    /// <summary><c>name: value</c>; nothing for a field that is empty, a button, or a password.</summary>
    private string ReadField(int annotation)
    {
        var type = pdfium.Call("FPDFAnnot_GetFormFieldType", form, annotation);
        if (type is PushButton or < 0 || (pdfium.Call("FPDFAnnot_GetFormFieldFlags", form, annotation) & PasswordFlag) != 0)
        {
            return "";
        }

        if (type is CheckBox or RadioButton && pdfium.Call("FPDFAnnot_IsChecked", form, annotation) != 1)
        {
            return "";
        }

        var value = ReadOf("FPDFAnnot_GetFormFieldValue", annotation, MaxValue);
        var name = ReadOf("FPDFAnnot_GetFormFieldAlternateName", annotation, MaxName) is { Length: > 0 } shown ? shown
            : ReadOf("FPDFAnnot_GetFormFieldName", annotation, MaxName);
        return value.Length == 0 ? "" : $"{name}: {value}";
    }

    private string ReadOf(string function, int annotation, int maxLength) =>
        pdfium.ReadText((buffer, length) => pdfium.Call(function, form, annotation, buffer, length), maxLength);
}
