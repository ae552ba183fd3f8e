using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing.Template;
using OpenClaw.Errors;

namespace OpenClaw.Functions;

/// <summary>Knows which methods a path accepts, for the answer when no function matched.</summary>
public sealed class RouteTable
{
    private readonly List<(TemplateMatcher Matcher, IReadOnlyList<string> Methods)> _routes = [];

    public RouteTable(FunctionCatalog catalog)
    {
        foreach (var function in catalog.Http)
        {
            if (function.Methods.Count > 0)
            {
                _routes.Add((new TemplateMatcher(TemplateParser.Parse(function.Route), []), function.Methods));
            }
        }
    }

    /// <summary>Whether a function serves this path, with whatever method.</summary>
    public bool IsServed(HttpRequest request) => _routes.Any(r => r.Matcher.TryMatch(request.Path, []));

    /// <exception cref="GatewayException"><c>404 not_found</c> or <c>405 method_not_allowed</c>.</exception>
    public IResult Answer(HttpRequest request)
    {
        var allowed = _routes
            .Where(r => r.Matcher.TryMatch(request.Path, []))
            .SelectMany(r => r.Methods).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        if (allowed.Count == 0)
        {
            throw new GatewayException(GatewayError.NotFound());
        }

        var allow = string.Join(", ", allowed);
        request.HttpContext.Response.Headers.Allow = allow;
        throw new GatewayException(GatewayError.MethodNotAllowed(allow));
    }
}
