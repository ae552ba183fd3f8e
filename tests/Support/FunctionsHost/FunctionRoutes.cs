using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing.Template;
using OpenClaw.Tests.Support.Protocol;

namespace OpenClaw.Tests.Support;

/// <summary>Which function the host invokes for a request: the first one whose route and methods fit, in alphabetical order of function
/// names. It knows no precedence of routes. Source: measured with host 4.1037.</summary>
public sealed class FunctionRoutes
{
    private readonly SortedList<string, (TemplateMatcher Matcher, HashSet<string>? Methods)> _routes = new(StringComparer.Ordinal);

    public FunctionRoutes(IEnumerable<RpcFunctionMetadata> functions, string prefix)
    {
        foreach (var function in functions)
        {
            foreach (var text in function.RawBindings)
            {
                using var binding = JsonDocument.Parse(text);
                if (binding.RootElement.GetProperty("type").GetString() == "httpTrigger")
                {
                    Add(function.Name, binding.RootElement, prefix);
                }
            }
        }
    }

    /// <summary>Null when no function accepts path and method: the host answers an empty 404.</summary>
    public string? Find(string method, PathString path) => _routes
        .Where(r => r.Value.Methods?.Contains(method) != false && r.Value.Matcher.TryMatch(path, []))
        .Select(static r => r.Key)
        .FirstOrDefault();

    private void Add(string name, JsonElement trigger, string prefix)
    {
        var route = trigger.GetProperty("route").GetString()!;
        if (route.StartsWith("admin", StringComparison.OrdinalIgnoreCase)
            || route.StartsWith("runtime", StringComparison.OrdinalIgnoreCase))
        {
            throw new InvalidOperationException($"The host refuses the route '{route}'.");
        }

        var template = TemplateParser.Parse(prefix.Length == 0 ? route : $"{prefix}/{route}");
        HashSet<string>? methods = trigger.TryGetProperty("methods", out var list)
            ? list.EnumerateArray().Select(static m => m.GetString()!).ToHashSet(StringComparer.OrdinalIgnoreCase)
            : null;
        _routes.Add(name, (new TemplateMatcher(template, []), methods));
    }
}
