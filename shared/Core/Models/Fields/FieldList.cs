using System.Text.Json;

namespace OpenClaw.Models.Fields;

/// <summary>Collects what a request asks for.</summary>
public sealed class FieldList
{
    private readonly List<AskedField> _fields = [];

    public IReadOnlyList<AskedField> Fields => _fields;

    /// <summary>Adds a field whose value a property of <see cref="ModelOptions"/> has.</summary>
    /// <param name="isAsked">Whether the value means anything else than no value.</param>
    /// <param name="param">What the caller calls it, when that is another name.</param>
    public FieldList Add(string name, bool isAsked, string? param = null)
    {
        if (isAsked)
        {
            _fields.Add(new AskedField(name, param ?? name));
        }

        return this;
    }

    /// <summary>Adds a field with its value, unless the value is empty or one of <paramref name="same"/>.</summary>
    /// <param name="same">Texts that mean the same as no value.</param>
    public FieldList Add(string name, JsonElement? value, params ReadOnlySpan<string> same)
    {
        if (value is { } given && !IsEmpty(given) && !(given.ValueKind == JsonValueKind.String && same.Contains(given.GetString())))
        {
            _fields.Add(new AskedField(name, name, given));
        }

        return this;
    }

    /// <summary>Whether a value asks for nothing: null, false, an empty array or an empty object.</summary>
    public static bool IsEmpty(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Undefined or JsonValueKind.Null or JsonValueKind.False => true,
        JsonValueKind.Array => value.GetArrayLength() == 0,
        JsonValueKind.Object => value.GetPropertyCount() == 0,
        _ => false,
    };
}
