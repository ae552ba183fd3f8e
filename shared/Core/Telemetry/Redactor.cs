using System.Text;
using System.Text.RegularExpressions;

namespace OpenClaw.Telemetry;

/// <summary>Takes secrets and control characters out of text on its way to a log. Every sink uses it.</summary>
public sealed partial class Redactor
{
    public const int MaxLength = 16_384;

    private const string Mask = "[redacted]";

    private volatile string[] _secrets = [];

    /// <summary>The secrets in force; short ones are left out, they would mask ordinary words.</summary>
    public void Use(IEnumerable<string> secrets) =>
        _secrets = [.. secrets.Where(s => s.Length >= 6).Distinct(StringComparer.Ordinal).OrderByDescending(s => s.Length)];

    /// <summary>One log record's text: secrets masked, C0 and C1 controls and line separators escaped except plain line
    /// feeds and tabs, length capped.</summary>
    public string Clean(string text)
    {
        if (text.Length > MaxLength)
        {
            text = text[..MaxLength] + "…";
        }

        foreach (var secret in _secrets)
        {
            text = text.Replace(secret, Mask, StringComparison.Ordinal);
        }

        text = Credentials().Replace(text, "$1" + Mask);
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

    /// <summary>Credentials by their form: bearer values, provider keys, storage keys and signatures, bot tokens in URLs.</summary>
    [GeneratedRegex(@"((?:Bearer|Basic|SharedKey(?:Lite)?)\s+|(?:AccountKey|sig|code|ticket|access_token|token|password|api[-_]?key)=|/bot(?=\d+:))[^\s""'&;,]+|\b(?:sk|oc_gw|xox[abp])[-_][A-Za-z0-9_-]{12,}", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Credentials();
}
