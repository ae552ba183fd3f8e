using System.Globalization;

namespace OpenClaw.Tests.Support;

/// <summary>URLs made of what parsers stumble over, for tests that no form of a URL leads inside.</summary>
public static class UrlMutations
{
    /// <summary>The only address that may be dialled. Nothing listens there.</summary>
    public const string Public = "93.184.215.14";

    /// <summary>Names that resolve.</summary>
    public static IReadOnlyList<(string Name, string Address)> Hosts { get; } =
    [
        ("public.example.com", Public), ("xn--bcher-kva.example.com", Public), ("a_b.example.com", Public), (
            "private.example.com", "10.0.0.1"),
        ("loopback.example.com", "::1"), ("mixed.example.com", Public + " 169.254.169.254"), ("mapped.example.com", "::ffff:127.0.0.1"),
    ];

    private static readonly string[] Seeds =
    [
        "127.0.0.1", "169.254.169.254", "2130706433", "0x7f.1", "[::1]", "[::ffff:127.0.0.1]", "localhost", "bücher.example.com",
            "metadata.google.internal",
    ];

    private static readonly string[] Odd =
    [
        "%2e", "%00", "%25", "%", "@", ":", "\\", "/", "//", "?", "#", ".", "..", "。", "．", "①", "１", "\u00ad", "\u200b", "\t", "\n", " ",
            "\0", "[", "]",
        "0x", "0", "xn--", "-", "_", ":443", ":80", ":22", "user@", "a:b@", ".localhost", ".internal", "127.0.0.1", "::1", "\ud83d", "é",
            "ſ", "K", "%e3%80%82",
    ];

    public static string Next(Random random)
    {
        var scheme = random.Next(12) switch { 0 => "http", 1 => "HtTpS", 2 => Odd[random.Next(Odd.Length)], _ => "https" };
        var host = random.Next(3) == 0 ? Seeds[random.Next(Seeds.Length)] : Hosts[random.Next(Hosts.Count)].Name;
        for (var edits = random.Next(3); edits > 0; edits--)
        {
            host = Mutate(host, random);
        }

        var tail = random.Next(4) switch { 0 => "", 1 => "/x?y#z", 2 => "/" + Odd[random.Next(Odd.Length)], _ => "/x" };
        var url = $"{scheme}://{host}{tail}";
        return random.Next(6) == 0 ? Mutate(url, random) : url;
    }

    private static string Mutate(string text, Random random)
    {
        var at = random.Next(text.Length + 1);
        var odd = Odd[random.Next(Odd.Length)];
        return random.Next(7) switch
        {
            0 => text.Insert(at, odd),
            1 => at < text.Length
                ? text[..at] + string.Create(CultureInfo.InvariantCulture, $"%{(int)text[at] & 0xff:x2}") + text[(at + 1)..] : text + odd,
            2 => string.Concat(text.Select(c => random.Next(3) == 0 ? char.ToUpperInvariant(c) : c)),
            3 => string.Concat(text.Select(c => c is > ' ' and <= '~' && random.Next(8) == 0 ? (char)(c + 0xFEE0) : c)), // full width
            4 => text + odd,
            5 => at < text.Length ? text.Remove(at, 1) : text,
            _ => text.Replace(".", random.Next(2) == 0 ? "。" : "%2E", StringComparison.Ordinal),
        };
    }
}
