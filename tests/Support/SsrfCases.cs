using System.Globalization;
using System.Net;
using Xunit;

namespace OpenClaw.Tests.Support;

/// <summary>A URL that must never lead to a connection.</summary>
/// <param name="Answers">What its host name resolves to, lookup by lookup, addresses separated by blanks; empty: whatever a resolver
/// makes of it.</param>
public sealed record SsrfCase(string Group, string Url, params string[] Answers);

/// <summary>
/// The table of URLs that any way into the gateway must refuse without a connection; see <see cref="FakeInternet.Play"/>. All with https
/// and port 443 unless that is the point, so that no row is refused for a reason of another one.
/// </summary>
public static class SsrfCases
{
    private static readonly string[] Targets4 =
        ["127.0.0.1", "10.0.0.1", "169.254.169.254", "168.63.129.16", "192.168.0.1", "100.64.0.1", "0.0.0.0"];

    /// <summary>One of each range that is not public, at its edges where it has two.</summary>
    public static readonly string[] Private4 =
    [
        .. Targets4, "0.255.255.255", "10.255.255.255", "100.100.100.200", "100.127.255.255", "127.255.255.255", "169.254.0.0",
            "172.16.0.0",
        "172.31.255.255", "192.0.0.1", "192.0.2.1", "192.31.196.1", "192.52.193.1", "192.88.99.1", "192.168.255.255", "192.175.48.1",
            "198.18.0.1",
        "198.19.255.255", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255",
    ];

    public static readonly string[] Private6 =
    [
        "::1", "::", "::ffff:127.0.0.1", "::ffff:7f00:1", "0:0:0:0:0:FFFF:7F00:0001", "::ffff:169.254.169.254", "::127.0.0.1",
            "::ffff:0:127.0.0.1",
        "64:ff9b::a9fe:a9fe", "64:ff9b:1::7f00:1", "2002:7f00:1::", "2001:0:53aa:64c::1", "2001:2::1", "2001:20::1",
        "2600:1234::5efe:7f00:1", "2600:1234::200:5efe:a9fe:a9fe", "fe80::5efe:7f00:1",
        "fc00::1", "fd00:ec2::254", "fdff:ffff::1", "fec0::1", "fe80::1", "febf::1", "fe80::1%1", "ff02::1", "2001:db8::1", "3fff::1",
            "100::1",
        "5f00::1", "4000::1", "1fff::1",
    ];

    public static IReadOnlyList<SsrfCase> All { get; } =
    [
        .. Targets4.SelectMany(target => Spellings(target).Select(host => new SsrfCase("IPv4 spelling", $"https://{host}/x"))),
        .. Private6.Select(address => new SsrfCase("IPv6", $"https://[{address.Replace("%", "%25")}]/x")),
        .. Unicode(),
        .. Private4.Concat(Private6).Select(
            (address, i) => new SsrfCase("name of a private address", $"https://n{i}.example.com/x", address)),
        .. Private4.Concat(Private6).Select(
            (address, i) => new SsrfCase("mixed answers", $"https://m{i}.example.com/x", $"93.184.215.14 {address}")),
        new("mixed answers", "https://a-public.example.com/x", "93.184.215.14 2606:4700::1111 fd00::1"),
        new("many answers", "https://many.example.com/x", string.Join(' ', Enumerable.Range(1, 200).Select(i => $"93.184.215.{i}"))),
        new("no answer", "https://none.example.com/x", ""),
        .. new[] { "file", "ftp", "gopher", "dict", "jar", "ldap", "ws", "wss", "unix", "javascript", "http+unix", "netdoc" }
            .Select(scheme => new SsrfCase("scheme", $"{scheme}://public.example.com/x", "93.184.215.14")),
        .. new[]
        {
            "data:text/plain,x", "jar:https://public.example.com!/x", "file:///etc/passwd", "//public.example.com/x",
                "\\\\public.example.com\\x",
            "public.example.com/x", "", " ", "https:", "https://", "https:///x", "https:public.example.com", "https:/public.example.com/x",
            "about:blank", "/etc/passwd", "https://?x", "https://#x",
        }.Select(url => new SsrfCase("scheme", url)),
        .. new[] { "user:pw@", "user@", "@", ":@", "public.example.com@", "public.example.com:443@", "%40@" }
            .Select(user => new SsrfCase("user-info", $"https://{user}public.example.com/x", "93.184.215.14")),
        .. new[] { "example.com@169.254.169.254", "example.com:443@169.254.169.254", "169.254.169.254#@example.com",
            "169.254.169.254?@example.com" }
            .Select(authority => new SsrfCase("user-info", $"https://{authority}/latest/meta-data")),
        .. new[] { "0", "22", "25", "80", "445", "6379", "8443", "65535", "65536", "-1", "443x", "00000" }
            .Select(port => new SsrfCase("port", $"https://public.example.com:{port}/x", "93.184.215.14")),
        .. new[]
        {
            "http://169.254.169.254/metadata/identity/oauth2/token?api-version=2018-02-01&resource=https://management.azure.com/",
            "https://169.254.169.254/metadata/instance?api-version=2021-02-01", "http://168.63.129.16:80/machine?comp=goalstate",
            "http://168.63.129.16:32526/vmSettings", "https://management.azure.com/subscriptions", "https://x.management.azure.com/",
            "https://management.core.windows.net/", "https://localhost:7071/admin/host/keys",
        }.Select(url => new SsrfCase("Azure", url, "93.184.215.14")),
        .. new[]
        {
            "http://100.100.100.200/latest/meta-data", "https://100.100.100.200/latest/meta-data",
                "https://[fd00:ec2::254]/latest/meta-data",
            "https://metadata.google.internal/computeMetadata/v1/", "https://METADATA.GOOGLE.INTERNAL./computeMetadata/v1/",
                "https://metadata/",
        }.Select(url => new SsrfCase("other clouds", url, "93.184.215.14")),
        .. new[]
        {
            "localhost", "localhost.", "LOCALHOST", "x.localhost", "x.y.localhost.", "printer.local", "db.internal",
                "host.docker.internal", "x.localdomain",
            "router.home.arpa", "intranet", "com", "example.com..", "a..example.com", ".example.com", $"{new string('a', 64)}.example.com",
            string.Join('.', Enumerable.Repeat("abcdefghijklm", 20)) + ".com",
        }.Select(host => new SsrfCase("name", $"https://{host}/x", "93.184.215.14")),
    ];

    /// <summary>Where a public host may send a fetch that must then end; the first hop is the only connection.</summary>
    public static IReadOnlyList<string> Redirects { get; } =
    [
        .. Targets4.Select(target => $"https://{target}/x"),
        "https://[::1]/x", "https://[::ffff:169.254.169.254]/x", "http://169.254.169.254/latest", "//127.0.0.1", "//127.0.0.1/x",
            "///127.0.0.1/x",
        "//[::1]/x", "\\\\127.0.0.1\\x", "/\\127.0.0.1/x", "file:///etc/passwd", "http://public.example.com/x",
            "https://public.example.com:8443/x",
        "ftp://public.example.com/x", "data:text/plain,x", "gopher://127.0.0.1:6379/_x", "https://user:pw@public.example.com/x",
            "https://localhost/x",
        "https://2130706433/x", "https://0x7f.1/x", "https://private.example.com/x", "https://mixed.example.com/x",
            "https://nowhere.example.com/x",
        "https://management.azure.com/x", "https://metadata.google.internal/x", "https://127.0.0.1\u3002example.com/x", "https://",
            "//", ":",
    ];

    /// <summary>The URLs of <see cref="All"/>, for theories.</summary>
    public static TheoryData<string> Urls { get; } = [.. All.Select(c => c.Url).Distinct()];

    /// <summary>URLs that are refused also where http and other ports are allowed.</summary>
    public static TheoryData<string> UrlsOnAnyPort { get; } =
        [.. All.Where(c => c.Group is not ("port" or "scheme")).Select(c => c.Url).Distinct()];

    public static TheoryData<string> Locations { get; } = [.. Redirects];

    public static SsrfCase Of(string url) => All.First(c => c.Url == url);

    /// <summary>The ways in which parsers and resolvers let one write an IPv4 address.</summary>
    private static IEnumerable<string> Spellings(string address)
    {
        var bytes = IPAddress.Parse(address).GetAddressBytes();
        var number = ((uint)bytes[0] << 24) | ((uint)bytes[1] << 16) | ((uint)bytes[2] << 8) | bytes[3];
        var culture = CultureInfo.InvariantCulture;
        yield return address;
        yield return address + ".";
        yield return number.ToString(culture);
        yield return "0x" + number.ToString("x8", culture);
        yield return "0X" + number.ToString("X8", culture);
        yield return "0" + Convert.ToString(number, 8);
        yield return string.Join('.', bytes.Select(b => "0x" + b.ToString("x", culture)));
        yield return string.Join('.', bytes.Select(b => "0" + Convert.ToString(b, 8)));
        yield return string.Join('.', bytes.Select(b => "00" + b.ToString("d3", culture)));
        yield return string.Create(culture, $"{bytes[0]}.{number & 0xffffff}");
        yield return string.Create(culture, $"{bytes[0]}.{bytes[1]}.{number & 0xffff}");
        yield return string.Create(culture, $"{bytes[0]}.0x{bytes[1]:x}.{number & 0xffff}");
        yield return string.Create(culture, $"0x{bytes[0]:x}.0{Convert.ToString(bytes[1], 8)}.{bytes[2]}.{bytes[3]}");
        yield return string.Concat(address.Select(c => c == '.' ? '.' : (char)(c - '0' + '０')));
        yield return address.Replace('.', '。');
        yield return string.Join(
            '.', bytes.Select(b => "%" + string.Join('%', b.ToString(culture).Select(c => ((int)c).ToString("x2", culture)))));
        yield return address.Replace(".", "%2e");
    }

    private static IEnumerable<SsrfCase> Unicode()
    {
        string[] urls =
        [
            "https://①②⑦.⓪.⓪.①/x", "https://①⑥⑨.②⑤④.①⑥⑨.②⑤④/x", "https://127｡0｡0｡1/x", "https://127．0．0．1/x", "https://[::1].example.com/x",
            "https://[::1]example.com/x", "https://[fe80::1%25eth0]/x", "https://[fe80::1%eth0]/x", "https:\\\\127.0.0.1/x",
                "https:/\\127.0.0.1/x",
            "https://public.example.com\\@127.0.0.1/x", "https://127.0.0.1\\.public.example.com/x", "  https://127.0.0.1/x  ",
            " https://public.example.com/x", "https://public.example.com/x\n", "\thttps://public.example.com/x",
                "ht\ntps://public.example.com/x",
            "https://public.exam\tple.com/x", "https://public.example.com /x", "https://public.example.com\0/x",
                "https://public.example.com%00/x",
            "https://public.example.com%00.127.0.0.1/x", "https://%31%32%37.0.0.1/x", "https://127%2e0.0.1/x",
                "https://exa\u00admple.example.com/x",
            "https://public\u3002example\u3002com/x", "https://loc\u017fhost.example.com/x", "https://b\u00fccher.example.com/x",
            "https://public.example.com\u2028/x", "https://public.example.com\u00a0/x", "https://public.example.com\u200b/x",
            "https://public.ex\uff41mple.com/x", "https://public.example.com\uff0f@127.0.0.1/x",
                "https://public.example.com\uff03@127.0.0.1/x",
            "https://127.0.0.1:443\uff1a443/x", "https://{public}.example.com/x", "https://public.example.com,127.0.0.1/x",
                "https://pub*.example.com/x",
            "https://public.example.com;127.0.0.1/x", "https://$HOST.example.com/x", "https://public.example.com&127.0.0.1/x",
                "https://a b.example.com/x",
        ];
        return urls.Select(url => new SsrfCase("Unicode and parsing", url, "93.184.215.14"));
    }
}
