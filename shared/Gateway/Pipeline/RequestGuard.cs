using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using OpenClaw.Configuration;
using OpenClaw.Errors;
using OpenClaw.Gateway.Wire;

namespace OpenClaw.Gateway.Pipeline;

/// <summary>Checks that hold for every request, before any handler runs.</summary>
public static class RequestGuard
{
    private static readonly string[] SecretNames = ["token", "access_token", "password", "key", "api_key", "apikey"];

    /// <exception cref="GatewayException"><c>400 invalid_path</c>, <c>400 credential_in_query</c>.</exception>
    /// <param name="hooks">Their token may stand in the query where the configuration says so.</param>
    public static void Check(HttpRequest request, HooksSection hooks)
    {
        var path = RawPath(request);
        if (!IsCanonical(path, allowEncodedSlash: PathTable.Of(request.HttpContext).MayHoldSlash(path)))
        {
            throw new GatewayException(GatewayError.InvalidPath());
        }

        if (request.QueryString.HasValue && !PathTable.Of(request.HttpContext).TakesUrlCredentials(request.Path))
        {
            foreach (var (name, _) in request.Query)
            {
                if (SecretNames.Contains(name, StringComparer.OrdinalIgnoreCase) && !IsHookToken(request, name, hooks))
                {
                    throw new GatewayException(GatewayError.SecretInQuery(name.ToLowerInvariant()));
                }
            }
        }
    }

    private static bool IsHookToken(HttpRequest request, string name, HooksSection hooks) =>
        hooks is { Enabled: true, AllowQueryToken: true } && name == "token"
        && request.Path.StartsWithSegments(hooks.Path, StringComparison.OrdinalIgnoreCase);

    /// <summary>The identifier behind <paramref name="prefix"/>, decoded exactly once.</summary>
    public static string ReadId(HttpRequest request, string prefix) => Uri.UnescapeDataString(RawPath(request)[prefix.Length..]);

    /// <summary>The segment behind the first one of this name, decoded exactly once.</summary>
    public static string ReadSegmentAfter(HttpRequest request, string name)
    {
        var segments = RawPath(request).Split('/');
        var at = Array.FindIndex(segments, s => s.Equals(name, StringComparison.OrdinalIgnoreCase));
        return Uri.UnescapeDataString(segments[at + 1]);
    }

    private static string RawPath(HttpRequest request)
    {
        var target = request.HttpContext.Features.Get<IHttpRequestFeature>()!.RawTarget;
        if (!target.StartsWith('/'))
        {
            target = Uri.TryCreate(target, UriKind.Absolute, out var absolute) ? absolute.AbsolutePath : "/";
        }

        var query = target.IndexOf('?', StringComparison.Ordinal);
        return query < 0 ? target : target[..query];
    }

    private static bool IsCanonical(string path, bool allowEncodedSlash)
    {
        if (path.AsSpan().IndexOfAny('\\', ';') >= 0 || path.Contains("//", StringComparison.Ordinal)
            || path.Contains("/./", StringComparison.Ordinal) || path.Contains("/../", StringComparison.Ordinal)
            || path.EndsWith("/..", StringComparison.Ordinal) || path.EndsWith("/.", StringComparison.Ordinal))
        {
            return false;
        }

        for (var i = path.IndexOf('%', StringComparison.Ordinal); i >= 0; i = path.IndexOf('%', i + 1))
        {
            if (i + 2 >= path.Length
                || !byte.TryParse(path.AsSpan(i + 1, 2), System.Globalization.NumberStyles.AllowHexSpecifier, null, out var value))
            {
                return false;
            }

            var refused = value is < 0x20 or 0x7f or (byte)'\\' or (byte)'.'
                || (!allowEncodedSlash && value is (byte)'/' or (byte)'%' or (byte)';');
            if (refused)
            {
                return false;
            }
        }

        return true;
    }
}
