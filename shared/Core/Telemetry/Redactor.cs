using System.Text;

namespace OpenClaw.Telemetry;

/// <summary>Takes secrets and control characters out of text on its way to a log. Every sink uses it.</summary>
public sealed class Redactor
{
    public const int MaxLength = 16_384;

    /// <summary>Characters beyond a cut that are looked at, so that a secret across the cut is known as one.</summary>
    private const int Margin = 8_192;

    private volatile string[] _secrets = [];

    /// <summary>The secrets in force; short ones are left out, they would mask ordinary words.</summary>
    public void Use(IEnumerable<string> secrets) =>
        _secrets = [.. secrets.Where(s => s.Length >= 6).Distinct(StringComparer.Ordinal).OrderByDescending(s => s.Length)];

    /// <summary>One log record's text: secrets masked, C0 and C1 controls and line separators escaped except plain line
    /// feeds and tabs, length capped.</summary>
    public string Clean(string text)
    {
        // Masked before it is cut: the first half of a secret is no longer known as one. Of a very long text only the part is looked at
        // that can be left, and its last characters, which a secret may go through, are dropped.
        var isPart = text.Length > MaxLength + (2 * Margin);
        text = isPart ? text[..(MaxLength + (2 * Margin))] : text;
        foreach (var secret in _secrets)
        {
            text = text.Replace(secret, SecretForms.Mask, StringComparison.Ordinal);
        }

        text = SecretForms.MaskIn(text);
        text = isPart ? text[..Math.Max(0, text.Length - Margin)] : text;
        text = text.Length > MaxLength || isPart ? text[..Math.Min(text.Length, MaxLength)] + "…" : text;
        return text.AsSpan().IndexOfAnyInRange('\0', '\u001f') < 0 && text.AsSpan().IndexOfAny(LineSeparators) < 0 && !HasC1(text)
            ? text
            : EscapeControls(text);
    }

    private const string LineSeparators = "\u2028\u2029\u007f";

    private static bool HasC1(string text) => text.AsSpan().IndexOfAnyInRange('\u0080', '\u009f') >= 0;

    private static string EscapeControls(string text)
    {
        var clean = new StringBuilder(text.Length + 16);
        foreach (var c in text)
        {
            if ((char.IsControl(c) && c is not ('\n' or '\t')) || c is '\u2028' or '\u2029')
            {
                clean.Append("\\u").Append(((int)c).ToString("x4", System.Globalization.CultureInfo.InvariantCulture));
            }
            else
            {
                clean.Append(c);
            }
        }

        return clean.ToString();
    }
}
