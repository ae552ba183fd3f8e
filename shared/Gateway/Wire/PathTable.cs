using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using OpenClaw.Security;

namespace OpenClaw.Gateway.Wire;

/// <summary>The surface and protection of any path, also of one that matches no route; derived from what the routes declare.</summary>
public sealed class PathTable
{
    /// <summary>Surfaces that are reserved and have no route yet.</summary>
    private static readonly (
        PathString Prefix, Surface Surface)[] Reserved =
        [("/tools", Surface.Tools), ("/v1/tools", Surface.Tools), ("/hooks", Surface.Tools)];

    private readonly List<(PathString Prefix, Surface Surface)> _surfaces;
    private readonly List<PathString> _protected;
    private readonly List<PathString> _ids;
    private readonly List<PathString> _urlCredentials;

    public PathTable(IEnumerable<PathDeclaration> routes)
    {
        var declared = routes.Where(r => r.Auth != AuthClass.ByPath).ToList();
        var roots = declared.GroupBy(r => r.Root, StringComparer.OrdinalIgnoreCase).ToList();
        var own = roots.Where(g => g.Select(r => r.Surface).Distinct().Count() == 1).Select(
            g => (new PathString("/" + g.Key), g.First().Surface));
        _surfaces =
        [
            .. declared.Select(r => (r.Prefix, r.Surface)).Concat(own).Concat(Reserved).Distinct()
                .OrderByDescending(p => p.Item1.Value!.Length),
        ];
        _protected =
        [
            .. roots.Where(g => g.All(r => r.Auth is AuthClass.Gateway or AuthClass.GatewayOrTicket)).Select(
                g => new PathString("/" + g.Key)),
            .. Reserved.Select(r => r.Prefix),
        ];
        _ids = [.. declared.Where(r => r.IdMayHoldSlash).Select(r => r.Prefix).Distinct()];
        _urlCredentials = [.. declared.Where(r => r.TakesUrlCredentials).Select(r => r.Prefix).Distinct()];
    }

    /// <summary>The surface of the longest declared prefix.</summary>
    public Surface SurfaceOf(PathString path)
    {
        foreach (var (prefix, surface) in _surfaces)
        {
            if (path.StartsWithSegments(prefix, StringComparison.OrdinalIgnoreCase))
            {
                return surface;
            }
        }

        return Surface.OpenAi;
    }

    /// <summary>Whether an unknown path needs credentials before it is 404: every route with the same first segment needs them.</summary>
    public bool IsProtected(PathString path) =>
        _protected.Any(prefix => path.StartsWithSegments(prefix, StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether an encoded slash in this raw path may belong to an identifier.</summary>
    /// <param name="path">As sent, without the query.</param>
    public bool MayHoldSlash(string path)
    {
        var rest = path.StartsWith("/api/v1/", StringComparison.Ordinal) ? "/api/" + path["/api/v1/".Length..] : path;
        return _ids.Any(prefix => rest.StartsWith(prefix.Value + "/", StringComparison.Ordinal));
    }

    /// <summary>Whether credentials may stand in the query of this path.</summary>
    public bool TakesUrlCredentials(PathString path) =>
        _urlCredentials.Any(exact => exact.Equals(path, StringComparison.OrdinalIgnoreCase));

    /// <summary>The table of the application that serves a request.</summary>
    public static PathTable Of(HttpContext context) => context.RequestServices.GetRequiredService<PathTable>();
}
