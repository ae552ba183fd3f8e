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

    /// <summary>Answers <c>OPTIONS</c> with what the path accepts.</summary>
    /// <exception cref="GatewayException"><c>404 not_found</c> or <c>405 method_not_allowed</c>.</exception>
    public IResult Answer(HttpRequest request)
    {
        var allowed = _routes
            .Where(r => r.Matcher.TryMatch(request.Path, []))
            .SelectMany(r => r.Methods).Append(HttpMethods.Options).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        if (allowed.Count == 1)
        {
            throw new GatewayException(GatewayError.NotFound());
        }

        var allow = string.Join(", ", allowed);
        request.HttpContext.Response.Headers.Allow = allow;
        if (HttpMethods.IsOptions(request.Method))
        {
            return TypedResults.NoContent();
        }

        throw new GatewayException(GatewayError.MethodNotAllowed(allow));
    }
}
