using System.Reflection;
using System.Text.RegularExpressions;
using OpenClaw.Errors;
using OpenClaw.Tests.Support;
using Xunit;

namespace OpenClaw.Tests.Architecture;

/// <summary>The list of error codes in docs/http-api.md has every code of <see cref="ErrorCode"/>, and names no other.</summary>
public partial class ErrorCodeTableTests
{
    /// <summary>Codes of files and URLs in requests, which are constants where files are read.</summary>
    private static readonly string[] OfFiles =
        ["file_too_complex", "file_too_large", "media_tools_missing", "unreadable_file", "url_fetch_failed", "url_not_allowed"];

    [Fact]
    public void Every_error_code_is_in_the_list_of_the_api() => Assert.Empty(InCode().Except(ListedCodes()));

    [Fact]
    public void Every_code_in_the_list_of_the_api_is_an_error_code() => Assert.Empty(ListedCodes().Except(InCode()).Except(OfFiles));

    [Fact]
    public void Every_code_that_a_route_names_is_in_the_list()
    {
        var named =
            from line in Page()
            from Match code in Code().Matches(TableRow().Match(line).Groups[1].Value)
            select code.Groups[1].Value;
        Assert.Empty(named.Except(ListedCodes()));
    }

    private static HashSet<string> InCode()
    {
        var codes = typeof(ErrorCode).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Where(field => field.IsLiteral).Select(field => (string)field.GetRawConstantValue()!).ToHashSet(StringComparer.Ordinal);
        Assert.True(codes.Count > 50, "The constants are not found.");
        return codes;
    }

    /// <summary>The codes of the list by status, such as <c>- **401**: `invalid_api_key`</c>, with the lines that continue an
    /// entry.</summary>
    private static HashSet<string> ListedCodes()
    {
        var list = Page().SkipWhile(line => line != "## Errors").SkipWhile(line => !line.StartsWith("- **4", StringComparison.Ordinal))
            .TakeWhile(line => line.Length > 0);
        var codes = list.SelectMany(line => Code().Matches(line)).Select(match => match.Groups[1].Value).ToHashSet(StringComparer.Ordinal);
        Assert.True(codes.Count > 50, "The list of codes is not found.");
        return codes;
    }

    private static string[] Page() => File.ReadAllLines(Path.Combine(Repository.Root, "docs", "http-api.md"));

    /// <summary>A row with four cells: method and path, scope, what it does, errors of its own.</summary>
    [GeneratedRegex(@"^\| `(?:GET|HEAD|POST|PATCH|DELETE)\b[^|]*(?:\|[^|]*){2}\|([^|]*)\|$")]
    private static partial Regex TableRow();

    [GeneratedRegex("`([a-z]+(?:_[a-z]+)*)`")]
    private static partial Regex Code();
}
