using System.Text.RegularExpressions;
using OpenClaw.Tests.Support;
using Xunit;

namespace OpenClaw.Tests.Gateway.RequestFields;

/// <summary>The tables of <c>docs/request-fields.md</c>: what becomes of each field of a request.</summary>
internal static partial class FieldTable
{
    public const string Chat = "Chat completions";
    public const string Responses = "Responses";
    public const string Messages = "Anthropic Messages";

    private static readonly Lazy<IReadOnlyList<FieldRow>> AllRows = new(() => [.. Read()]);

    public static IReadOnlyList<string> Surfaces { get; } = [Chat, Responses, Messages];

    public static IReadOnlyList<FieldRow> Rows => AllRows.Value;

    private static IEnumerable<FieldRow> Read()
    {
        string surface = "", header = "";
        foreach (var line in File.ReadAllLines(Path.Combine(Repository.Root, "docs", "request-fields.md")))
        {
            if (line.StartsWith("## ", StringComparison.Ordinal))
            {
                surface = line[3..];
            }

            if (surface.Length == 0 || line is not ['|', .. var row, '|'])
            {
                continue;
            }

            var cells = row.Split('|').Select(c => c.Trim()).ToList();
            Assert.Equal(2 + FieldProviders.Apis.Count, cells.Count);
            if (cells[0] == "Field")
            {
                header = string.Join(' ', cells.Skip(1).SkipLast(1));
                Assert.Equal(string.Join(' ', FieldProviders.Apis.Select(a => $"`{a}`")), header);
            }
            else if (!cells[0].StartsWith("---", StringComparison.Ordinal))
            {
                yield return new FieldRow(
                    surface, cells[0].Trim('`'),
                    FieldProviders.Apis.Zip(cells.Skip(1)).ToDictionary(p => p.First, p => Parse(p.Second), StringComparer.Ordinal));
            }
        }
    }

    private static FieldRule Parse(string cell) => cell switch
    {
        "passed" => new FieldRule(FieldFate.Passed, []),
        "used" => new FieldRule(FieldFate.Used, []),
        "gateway" => new FieldRule(FieldFate.Gateway, []),
        "no effect" => new FieldRule(FieldFate.NoEffect, []),
        "400" => new FieldRule(FieldFate.Refused, ["unsupported_parameter"]),
        _ when Refused().Match(cell) is { Success: true } match => new FieldRule(FieldFate.Refused, [match.Groups[1].Value]),
        _ when Translated().Match(cell) is { Success: true } match =>
            new FieldRule(FieldFate.Translated, [.. match.Groups[1].Captures.Select(c => c.Value)]),
        _ => throw new InvalidOperationException($"The cell '{cell}' of docs/request-fields.md is not understood."),
    };

    [GeneratedRegex("^400 `([a-z_]+)`$")]
    private static partial Regex Refused();

    [GeneratedRegex("^as (?:`([a-z_.]+)`(?: or )?)+$")]
    private static partial Regex Translated();
}

/// <summary>One row: the field, with what becomes of it by provider API.</summary>
public sealed record FieldRow(string Surface, string Field, IReadOnlyDictionary<string, FieldRule> Rules);

/// <param name="Names">Of a translation the paths in the provider's request, one of which is there; of a refusal the code.</param>
public sealed record FieldRule(FieldFate Fate, IReadOnlyList<string> Names);

public enum FieldFate
{
    Passed,
    Translated,
    Used,
    Gateway,
    NoEffect,
    Refused,
}
