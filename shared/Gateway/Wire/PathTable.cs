using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using OpenClaw.Security;

namespace OpenClaw.Gateway.Wire;

/// <summary>The surface and protection of any path, also of one that matches no route; derived from what the routes declare.</summary>
public sealed class PathTable
{
    /// <summary>Paths that are reserved and have no route yet.</summary>
    private static readonly SurfacePrefix[] Reserved =
        [new("/tools", Surface.Tools), new("/v1/tools", Surface.Tools)];

    private readonly List<SurfacePrefix> _surfaces = [];
    private readonly List<string> _protected = [];
    private readonly List<string> _ids = [];
    private readonly List<string> _urlCredentials = [];

    // Classes and loops, not tuples and LINQ: the runtime compiles generics over our value types again at every start.
    public PathTable(IEnumerable<PathDeclaration> routes)
    {
        var roots = new Dictionary<string, RouteRoot>(StringComparer.OrdinalIgnoreCase);
        foreach (var route in routes)
        {
            if (route.Auth == AuthClass.ByPath)
            {
                continue;
            }

            AddSurface(route.Prefix, route.Surface);
            if (roots.TryGetValue(route.Root, out var root))
            {
                root.Include(route);
            }
            else
            {
                roots.Add(route.Root, new RouteRoot(route));
            }

            if (route.IdMayHoldSlash)
            {
                _ids.Add(route.Prefix + "/");
            }

            if (route.TakesUrlCredentials)
            {
                _urlCredentials.Add(route.Prefix);
            }
        }

        foreach (var root in roots.Values)
        {
            if (root.HasOneSurface)
            {
                AddSurface(root.Path, root.Surface);
            }

            if (root.IsProtected)
            {
                _protected.Add(root.Path);
            }
        }

        foreach (var reserved in Reserved)
        {
            AddSurface(reserved.Prefix, reserved.Surface);
            _protected.Add(reserved.Prefix);
        }

        _surfaces.Sort(static (a, b) => b.Prefix.Length.CompareTo(a.Prefix.Length));
    }

    /// <summary>The surface of the longest declared prefix.</summary>
    public Surface SurfaceOf(PathString path)
    {
        foreach (var entry in _surfaces)
        {
            if (path.StartsWithSegments(entry.Prefix, StringComparison.OrdinalIgnoreCase))
            {
                return entry.Surface;
            }
        }

        return Surface.OpenAi;
    }

    /// <summary>The surface of a request: as its handler declared it, else that of its path.</summary>
    public Surface SurfaceOf(HttpContext context) =>
        context.Features.Get<DeclaredSurface>()?.Surface ?? SurfaceOf(context.Request.Path);

    /// <summary>Says the surface of a request whose path the configuration gives.</summary>
    public static void Declare(HttpContext context, Surface surface) => context.Features.Set(new DeclaredSurface(surface));

    /// <summary>Whether an unknown path needs credentials before it is 404: every route with the same first segment needs them.</summary>
    public bool IsProtected(PathString path) =>
        _protected.Any(prefix => path.StartsWithSegments(prefix, StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether an encoded slash in this raw path may belong to an identifier.</summary>
    /// <param name="path">As sent, without the query.</param>
    public bool MayHoldSlash(string path)
    {
        var rest = path.StartsWith("/api/v1/", StringComparison.Ordinal) ? "/api/" + path["/api/v1/".Length..] : path;
        return _ids.Any(prefix => rest.StartsWith(prefix, StringComparison.Ordinal));
    }

    /// <summary>Whether credentials may stand in the query of this path.</summary>
    public bool TakesUrlCredentials(PathString path) => _urlCredentials.Contains(path.Value ?? "", StringComparer.OrdinalIgnoreCase);

    /// <summary>The table of the application that serves a request.</summary>
    public static PathTable Of(HttpContext context) => context.RequestServices.GetRequiredService<PathTable>();

    private void AddSurface(string prefix, Surface surface)
    {
        if (!_surfaces.Exists(entry => entry.Prefix == prefix && entry.Surface == surface))
        {
            _surfaces.Add(new SurfacePrefix(prefix, surface));
        }
    }

    private sealed record DeclaredSurface(Surface Surface);

    private sealed record SurfacePrefix(string Prefix, Surface Surface);

    /// <summary>What the routes with the same first segment have in common.</summary>
    private sealed class RouteRoot(PathDeclaration first)
    {
        public string Path { get; } = "/" + first.Root;

        public Surface Surface { get; } = first.Surface;

        public bool HasOneSurface { get; private set; } = true;

        public bool IsProtected { get; private set; } = NeedsCredentials(first);

        public void Include(PathDeclaration route)
        {
            HasOneSurface &= route.Surface == Surface;
            IsProtected &= NeedsCredentials(route);
        }

        private static bool NeedsCredentials(PathDeclaration route) => route.Auth is AuthClass.Gateway or AuthClass.GatewayOrTicket;
    }
}
