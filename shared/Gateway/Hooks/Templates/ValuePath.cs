using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace OpenClaw.Gateway.Hooks.Templates;

/// <summary>One step of a path: a name, or an index of a list.</summary>
internal readonly record struct ValueStep(string? Name, int Index);

/// <summary>Paths such as <c>a[0].b-c</c>.</summary>
internal static class ValuePath
{
    private const int MaxSteps = 32;

    private static readonly SearchValues<char> NoLetters = SearchValues.Create(" \t\r\n{}");

    /// <summary>The steps of a path; null when the text is none.</summary>
    public static ValueStep[]? Parse(ReadOnlySpan<char> path)
    {
        var steps = new List<ValueStep>();
        while (path.Length > 0 && steps.Count < MaxSteps)
        {
            if (path[0] == '[')
            {
                var end = path.IndexOf(']');
                if (end < 0 || steps.Count == 0
                    || !int.TryParse(path[1..end], NumberStyles.None, CultureInfo.InvariantCulture, out var index))
                {
                    return null;
                }

                steps.Add(new ValueStep(null, index));
                path = path[(end + 1)..];
                continue;
            }

            if (steps.Count > 0)
            {
                if (path[0] != '.')
                {
                    return null;
                }

                path = path[1..];
            }

            var length = path.IndexOfAny('.', '[') is >= 0 and var stop ? stop : path.Length;
            if (length == 0 || path[..length].ContainsAny(NoLetters))
            {
                return null;
            }

            steps.Add(new ValueStep(path[..length].ToString(), 0));
            path = path[length..];
        }

        return path.Length == 0 && steps.Count > 0 ? [.. steps] : null;
    }

    /// <summary>The element that the steps lead to; null when one of them leads nowhere.</summary>
    public static JsonElement? Follow(JsonElement from, ReadOnlySpan<ValueStep> steps)
    {
        foreach (var step in steps)
        {
            if (step.Name is { } name)
            {
                if (from.ValueKind != JsonValueKind.Object || !from.TryGetProperty(name, out from))
                {
                    return null;
                }
            }
            else if (from.ValueKind == JsonValueKind.Array && step.Index < from.GetArrayLength())
            {
                from = from[step.Index];
            }
            else
            {
                return null;
            }
        }

        return from;
    }
}
