using System.Text.Json;
using System.Text.Json.Nodes;
using OpenClaw.Errors;

namespace OpenClaw.Schedules;

/// <summary>Reads the fields of one object; what is not read is refused by its name.</summary>
internal sealed class JobFields
{
    private readonly JsonObject _fields;
    private readonly string _path;
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    public JobFields(JsonObject fields, string path = "") => (_fields, _path) = (fields, path);

    public string? Text(string name, int most)
    {
        if (Find(name) is not { } found)
        {
            return null;
        }

        var text = found.GetValueKind() == JsonValueKind.String ? found.GetValue<string>() : throw Invalid(name, "a string.");
        return text.Length is > 0 && text.Length <= most && !string.IsNullOrWhiteSpace(text)
            ? text : throw Invalid(name, $"1 to {most} characters, not blank.");
    }

    public string? Choice(string name, params IReadOnlyList<string> choices) => Text(name, 64) is not { } text ? null
        : choices.Contains(text) ? text : throw Invalid(name, $"one of '{string.Join("', '", choices)}'.");

    public bool? Flag(string name) => Find(name)?.GetValueKind() switch
    {
        null => null,
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw Invalid(name, "true or false."),
    };

    public long? Whole(string name) => Find(name) is not { } found ? null
        : found.GetValueKind() == JsonValueKind.Number && found.AsValue().TryGetValue<decimal>(out var number)
            && number == decimal.Truncate(number) && Math.Abs(number) <= 1L << 53
            ? (long)number : throw Invalid(name, "a whole number.");

    public JobFields? Section(string name) => Find(name) switch
    {
        null => null,
        JsonObject section => new JobFields(section, PathOf(name)),
        _ => throw Invalid(name, "an object."),
    };

    /// <summary>Accepts fields that have no effect.</summary>
    public void Ignore(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            _known.Add(name);
        }
    }

    /// <exception cref="GatewayException"><c>400 invalid_request</c>.</exception>
    public void Check()
    {
        foreach (var (name, _) in _fields)
        {
            if (!_known.Contains(name))
            {
                throw new GatewayException(GatewayError.InvalidRequest($"There is no field '{PathOf(name)}'.", PathOf(name)));
            }
        }
    }

    public GatewayException Invalid(string name, string message) => new(GatewayError.InvalidValue(PathOf(name), message));

    public GatewayException Missing(string name) => new(GatewayError.MissingField(PathOf(name)));

    private JsonNode? Find(string name)
    {
        _known.Add(name);
        return _fields[name];
    }

    private string PathOf(string name) => _path.Length == 0 ? name : $"{_path}.{name}";
}
