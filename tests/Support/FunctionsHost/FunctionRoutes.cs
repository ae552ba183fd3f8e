using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing.Template;
using OpenClaw.Functions.Worker.Protocol;

namespace OpenClaw.Tests.Support;

/// <summary>Which function the host invokes for a request, from what the worker said about its functions.</summary>
public sealed class FunctionRoutes
{
    private readonly List<(string FunctionId, decimal Precedence, TemplateMatcher Matcher, HashSet<string>? Methods)> _routes = [];

    public FunctionRoutes(IEnumerable<RpcFunctionMetadata> functions, string prefix)
    {
        foreach (var function in functions)
        {
            foreach (var text in function.RawBindings)
            {
                using var binding = JsonDocument.Parse(text);
                if (binding.RootElement.GetProperty("type").GetString() == "httpTrigger")
                {
                    Add(function.FunctionId, binding.RootElement, prefix);
                }
            }
        }

        _routes.Sort(static (a, b) => a.Precedence.CompareTo(b.Precedence));
    }

    /// <summary>Null when no function accepts path and method: the host answers an empty 404.</summary>
    public string? Find(string method, PathString path) => _routes
        .Where(r => r.Methods?.Contains(method) != false && r.Matcher.TryMatch(path, []))
        .Select(r => r.FunctionId)
        .FirstOrDefault();

    private void Add(string functionId, JsonElement trigger, string prefix)
    {
        var route = trigger.GetProperty("route").GetString()!;
        if (route.StartsWith("admin", StringComparison.OrdinalIgnoreCase) || route.StartsWith("runtime", StringComparison.OrdinalIgnoreCase))
        {
            throw new InvalidOperationException($"The host refuses the route '{route}'.");
        }

        var template = TemplateParser.Parse(prefix.Length == 0 ? route : $"{prefix}/{route}");
        HashSet<string>? methods = trigger.TryGetProperty("methods", out var list)
            ? list.EnumerateArray().Select(static m => m.GetString()!).ToHashSet(StringComparer.OrdinalIgnoreCase)
            : null;
        _routes.Add((functionId, RoutePrecedence.ComputeInbound(template), new TemplateMatcher(template, []), methods));
    }
}
