using System.Text.RegularExpressions;

namespace OpenClaw.Telemetry;

/// <summary>Credentials that are known by their form alone, whoever issued them.</summary>
internal static partial class SecretForms
{
    public const string Mask = "[redacted]";

    /// <summary>Masks every credential in a text. The text must not have been cut before: half a credential has no form.</summary>
    public static string MaskIn(string text)
    {
        text = PrivateKeys().Replace(text, Mask);
        text = Named().Replace(text, "$1" + Mask);
        return Prefixed().Replace(text, Mask);
    }

    /// <summary>Values behind a name: authorization headers, fields of JSON, query parameters and connection strings, passwords and bot
    /// tokens in URLs.</summary>
    [GeneratedRegex(
        """((?:Bearer|Basic|SharedKey(?:Lite)?)\s+|(?:AccountKey|SharedAccessKey|sig|code|ticket|access[-_]?token|refresh[-_]?token|"""
        + """client[-_]?secret|token|password|passwd|secret|(?:x-)?api[-_]?key|authorization)"""
        + """["']?\s*(?:=|(?<=["'])\s*:\s*["']|:\s+(?!Bearer|Basic|SharedKey))\s*|/bot(?=\d+:)|://[^/\s:@]*:(?=[^/\s@]+@))[^\s"'&;,@]+""",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Named();

    /// <summary>By the prefixes of their issuers: model providers (OpenAI, Anthropic, OpenRouter, xAI, Groq, Google, Hugging Face,
    /// Perplexity, Replicate, NVIDIA, Fireworks, Cerebras, Tavily), this gateway, clouds and code hosts (AWS, Google, DigitalOcean, GitHub,
    /// GitLab, npm, PyPI), chat platforms (Slack, Telegram, Discord), Stripe, SendGrid, Twilio, and JSON web tokens.</summary>
    [GeneratedRegex(
        """(?<![A-Za-z0-9])(?:(?:sk|pk|rk|csk|oc_live|oc_gw|whsec|xai|gsk|pplx|nvapi|fw|r8|hf|tvly|"""
        + """dop_v1|npm|pypi|glpat|gldt|glrt|gh[pousr]|github_pat|xox[abeprs]|xapp|ATATT|lin_api|shpat|sntrys|key)[-_][A-Za-z0-9_.*-]{8,}"""
        + """|AIza[A-Za-z0-9_-]{30,}|ya29\.[A-Za-z0-9_.-]{20,}|(?:AKIA|ASIA)[A-Z0-9]{16}"""
        + """|SG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}|(?:AC|SK)[0-9a-f]{32}|eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*)?"""
        + """|\d{8,10}:AA[A-Za-z0-9_-]{30,}|[MNO][A-Za-z0-9_-]{23,}\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27,}|[A-Za-z0-9+/]{86}==)""",
        RegexOptions.CultureInvariant)]
    private static partial Regex Prefixed();

    [GeneratedRegex("-----BEGIN [A-Z ]*PRIVATE KEY-----[^-]*(?:-----END [A-Z ]*PRIVATE KEY-----)?", RegexOptions.CultureInvariant)]
    private static partial Regex PrivateKeys();
}
