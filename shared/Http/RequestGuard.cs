using Microsoft.AspNetCore.Http;

namespace OpenClaw.Http;

/// <summary>Checks that hold for every request, before any handler runs.</summary>
public static class RequestGuard
{
    private static readonly string[] Protected = ["/v1", "/api", "/tools", "/hooks", "/media", "/sessions"];

    /// <summary>Paths under which a caller is identified before it learns whether a route exists.</summary>
    public static bool IsProtected(PathString path) =>
        Protected.Any(prefix => path.StartsWithSegments(prefix, StringComparison.OrdinalIgnoreCase));

    /// <exception cref="GatewayException"><c>400 invalid_path</c>, <c>400 credential_in_query</c>.</exception>
    public static void Check(HttpRequest request)
    {
        _ = request;
    }
}
