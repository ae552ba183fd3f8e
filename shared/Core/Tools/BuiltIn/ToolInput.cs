using System.Text.Json;

namespace OpenClaw.Tools.BuiltIn;

/// <summary>Reads the arguments of a call. What is absent or null has its fallback; what is wrong is named.</summary>
/// <exception cref="ToolException">From every method: the argument is missing or wrong.</exception>
public readonly struct ToolInput(JsonElement arguments)
{
    /// <param name="maxLength">Characters.</param>
    public string Text(string name, int maxLength = int.MaxValue) =>
        OptionalText(name, maxLength) ?? throw new ToolException($"The argument '{name}' is missing.");

    /// <inheritdoc cref="Text"/>
    public string? OptionalText(string name, int maxLength = int.MaxValue)
    {
        if (Find(name) is not { } value)
        {
            return null;
        }

        var text = value.ValueKind == JsonValueKind.String ? Read(name, value)
            : throw new ToolException($"The argument '{name}' must be a string.");
        return text.Length <= maxLength ? text
            : throw new ToolException($"The argument '{name}' has {text.Length} characters; it may have {maxLength}.");
    }

    public int Whole(string name, int fallback, int least, int most)
    {
        if (Find(name) is not { } value)
        {
            return fallback;
        }

        return value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out var number) && number == decimal.Truncate(number)
            && number >= least && number <= most
            ? (int)number
            : throw new ToolException($"The argument '{name}' must be a whole number from {least} to {most}.");
    }

    public bool Flag(string name, bool fallback) => Find(name)?.ValueKind switch
    {
        null => fallback,
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw new ToolException($"The argument '{name}' must be true or false."),
    };

    public string Choice(string name, string fallback, params IReadOnlyList<string> choices) =>
        OptionalText(name) is not { } text ? fallback
        : choices.Contains(text) ? text
        : throw new ToolException($"The argument '{name}' must be one of {string.Join(", ", choices)}.");

    /// <summary>An object; null when it is absent.</summary>
    public JsonElement? Object(string name) =>
        Find(name) is not { } value ? null
        : value.ValueKind == JsonValueKind.Object ? value
        : throw new ToolException($"The argument '{name}' must be an object.");

    private JsonElement? Find(string name) => arguments.ValueKind != JsonValueKind.Object
        ? throw new ToolException("The arguments must be a JSON object.")
        : arguments.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private static string Read(string name, JsonElement value)
    {
        try
        {
            var text = value.GetString()!;
            return text.Contains('\0', StringComparison.Ordinal) ? throw new ToolException($"The argument '{name}' holds a NUL.") : text;
        }
        catch (InvalidOperationException)
        {
            throw new ToolException($"The argument '{name}' holds half of a surrogate pair.");
        }
    }
}
