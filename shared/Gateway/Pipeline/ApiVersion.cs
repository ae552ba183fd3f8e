using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using OpenClaw.Errors;
using OpenClaw.Gateway.Wire;

namespace OpenClaw.Gateway.Pipeline;

/// <summary>Versions of the <c>/api</c> surface. In paths: <c>/api/v1/x</c> is <c>/api/x</c>, rewritten ahead of routing on both hosts.
/// In the header: a date, echoed; every answer names one.</summary>
public static class ApiVersion
{
    public const string Header = "X-API-Version";

    /// <summary>The version in answers to a caller that asks for none.</summary>
    public const string Latest = "2026-03-01";

    private const string Stable = "v1";

    /// <summary>Takes <c>/v1</c> out of <c>/api/v1/…</c>; other versions stay as they are and match no route.</summary>
    public static Task RewriteAsync(HttpContext context, RequestDelegate next)
    {
        var (version, rest) = Split(context.Request.Path);
        if (version is not null && version.Equals(Stable, StringComparison.OrdinalIgnoreCase))
        {
            context.Request.Path = "/api" + rest;
        }

        return next(context);
    }

    /// <summary>Puts the version on the answer, also on an error.</summary>
    public static void Announce(HttpContext context)
    {
        if (PathTable.Of(context).SurfaceOf(context.Request.Path) == Surface.Api)
        {
            context.Response.Headers[Header] = TryReadHeader(context, out var asked) ? asked ?? Latest : Latest;
        }
    }

    /// <exception cref="GatewayException"><c>404 unsupported_api_version</c>, <c>400 invalid_api_version</c>.</exception>
    public static void Check(HttpContext context)
    {
        if (PathTable.Of(context).SurfaceOf(context.Request.Path) != Surface.Api)
        {
            return;
        }

        if (Split(context.Request.Path).Version is { } version)
        {
            throw new GatewayException(GatewayError.UnsupportedApiVersion(version, $"/api and /api/{Stable}, which are the same"));
        }

        if (!TryReadHeader(context, out _))
        {
            throw new GatewayException(GatewayError.InvalidApiVersion(Header, Latest));
        }
    }

    /// <summary>The version in the path, such as <c>v1</c>, and what follows; null when there is none.</summary>
    private static (string? Version, string Remainder) Split(PathString path)
    {
        if (!path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase, out var rest)
            || rest.Value is not ['/', 'v' or 'V', _, ..] text)
        {
            return (null, "");
        }

        var end = text.IndexOf('/', 1);
        var version = end < 0 ? text[1..] : text[1..end];
        return version.AsSpan(1).ContainsAnyExceptInRange('0', '9') ? (null, "") : (version, end < 0 ? "" : text[end..]);
    }

    private static bool TryReadHeader(HttpContext context, out string? date)
    {
        date = null;
        if (!context.Request.Headers.TryGetValue(Header, out var header))
        {
            return true;
        }

        if (!DateOnly.TryParseExact(header.ToString(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var asked)
            || asked > DateOnly.FromDateTime(context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow().UtcDateTime))
        {
            return false;
        }

        date = header.ToString();
        return true;
    }
}
