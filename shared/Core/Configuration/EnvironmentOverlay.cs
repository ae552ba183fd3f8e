using OpenClaw.Configuration.Binding;
using OpenClaw.Configuration.Parsing;

namespace OpenClaw.Configuration;

/// <summary>
/// Environment variables laid over the document: <c>OPENCLAW__gateway__http__endpoints__responses__enabled=true</c> sets one key, matched
/// case-insensitively; a value for an object or a list is JSON5 and replaces it. A longer path wins over a shorter one. Empty variables
/// count as not set.
/// </summary>
internal sealed class EnvironmentOverlay
{
    /// <summary>The original's names; they win over the generic ones.</summary>
    private static readonly (string Variable, string[] Path)[] Named =
    [
        (EnvironmentVariables.GatewayToken, ["gateway", "auth", "token"]),
        (EnvironmentVariables.GatewayPassword, ["gateway", "auth", "password"]),
        (EnvironmentVariables.GatewayPort, ["gateway", "port"]),
    ];

    private readonly Dictionary<string, EnvironmentOverlay> _children = new(StringComparer.OrdinalIgnoreCase);
    private string _variable = "";
    private string? _value;

    public static ConfigNode Apply(ConfigNode document, IReadOnlyDictionary<string, string> environment, ConfigReading reading)
    {
        var root = new EnvironmentOverlay();
        foreach (var variable in environment.Keys
            .Where(name => SetsKey(name) && environment[name].Length > 0).Order(StringComparer.Ordinal))
        {
            var path = variable[EnvironmentVariables.KeyPrefix.Length..].Split("__");
            if (path.Contains("") || path.Length > Json5Parser.MaxDepth)
            {
                reading.Problems.Error(new ConfigProblem("", 1, 1, "The name does not spell a path of keys joined by '__'.", variable));
                continue;
            }

            root.Set(path, variable, environment[variable]);
        }

        foreach (var (variable, path) in Named)
        {
            if (environment.GetValueOrDefault(variable) is { } value && !string.IsNullOrWhiteSpace(value))
            {
                root.Set(path, variable, value);
            }
        }

        return root.Over(document, "", reading);
    }

    /// <summary>Reads the value of a variable as the type its key has; any other node, and a variable that does not have the type, is
    /// returned as it is.</summary>
    /// <exception cref="Json5Exception">An object or a list is expected and the variable does not hold JSON5.</exception>
    public static ConfigNode Interpret(ConfigNode value, ConfigNodeKind kind, string path, ConfigReading reading)
    {
        if (value.Kind != ConfigNodeKind.Untyped)
        {
            return value;
        }

        switch (kind)
        {
            case ConfigNodeKind.Text:
                return value.As(kind, value.Text);
            case ConfigNodeKind.Boolean:
                return bool.TryParse(value.Text, out var flag) ? value.As(kind, flag ? "true" : "false") : value;
            case ConfigNodeKind.Number:
                try
                {
                    return Json5Parser.Parse(value.Text, value.Variable);
                }
                catch (Json5Exception)
                {
                    return value;
                }

            case var _ when value.Text.AsSpan().TrimStart() is not ['{' or '[' or '/', ..]:
                return value;
            default:
                return VariableReferences.Expand(Json5Parser.Parse(value.Text, value.Variable), path, reading);
        }
    }

    private static bool SetsKey(string name) => name.StartsWith(EnvironmentVariables.KeyPrefix, StringComparison.OrdinalIgnoreCase);

    private void Set(ReadOnlySpan<string> path, string variable, string value)
    {
        if (path.Length == 0)
        {
            (_variable, _value) = (variable, value);
            return;
        }

        if (!_children.TryGetValue(path[0], out var child))
        {
            _children[path[0]] = child = new EnvironmentOverlay { _variable = variable };
        }

        child.Set(path[1..], variable, value);
    }

    private ConfigNode Over(ConfigNode? node, string path, ConfigReading reading)
    {
        if (_value is not null)
        {
            node = new ConfigNode { Kind = ConfigNodeKind.Untyped, Text = _value, Variable = _variable };
        }

        if (_children.Count == 0)
        {
            return node!;
        }

        try
        {
            node = node is null ? null : Interpret(node, ConfigNodeKind.Map, path, reading);
        }
        catch (Json5Exception exception)
        {
            reading.Problems.Error(
                exception.Problem with { Path = path, Message = $"{path} must be an object: {exception.Problem.Message}" });
        }

        var members = new List<ConfigMember>();
        var left = new Dictionary<string, EnvironmentOverlay>(_children, StringComparer.OrdinalIgnoreCase);
        foreach (var member in node?.Members ?? [])
        {
            members.Add(left.Remove(member.Key, out var child)
                ? member with { Value = child.Over(member.Value, ConfigPath.Append(path, member.Key), reading) }
                : member);
        }

        foreach (var key in left.Keys.Order(StringComparer.OrdinalIgnoreCase))
        {
            members.Add(new ConfigMember(key, left[key].Over(null, ConfigPath.Append(path, key), reading), 1, 1));
        }

        return node is { Kind: ConfigNodeKind.Map } ? node.As(members)
            : new ConfigNode { Kind = ConfigNodeKind.Map, Members = members, Variable = _variable };
    }
}
