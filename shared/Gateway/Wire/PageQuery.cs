using System.Globalization;
using Microsoft.AspNetCore.Http;
using OpenClaw.Errors;

namespace OpenClaw.Gateway.Wire;

/// <summary>Parameters of list requests: <c>limit</c>, <c>order</c>, and where to continue.</summary>
public static class PageQuery
{
    /// <param name="most">The largest page.</param>
    /// <exception cref="GatewayException"><c>400 invalid_value</c>.</exception>
    public static int ReadLimit(IQueryCollection query, int fallback, int most) =>
        query["limit"].ToString() is not { Length: > 0 } text ? fallback
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) ? CheckLimit(limit, most)
        : throw new GatewayException(GatewayError.InvalidValue("limit", $"1 to {most}."));

    /// <exception cref="GatewayException"><c>400 invalid_value</c>.</exception>
    public static int CheckLimit(int limit, int most) =>
        limit is >= 1 && limit <= most ? limit : throw new GatewayException(GatewayError.InvalidValue("limit", $"1 to {most}."));

    /// <param name="order"><c>desc</c>, which is the default, or <c>asc</c>.</param>
    /// <exception cref="GatewayException"><c>400 invalid_value</c>.</exception>
    public static bool IsNewestFirst(string? order) => order switch
    {
        null or "" or "desc" => true,
        "asc" => false,
        _ => throw new GatewayException(GatewayError.InvalidValue("order", "'asc' or 'desc'.")),
    };

    /// <summary>A parameter; an empty one counts as absent.</summary>
    public static string? ReadText(IQueryCollection query, string name) => query[name].ToString() is { Length: > 0 } text ? text : null;

    /// <summary>The number of the event after which the list continues.</summary>
    /// <returns>-1 for the whole list.</returns>
    /// <exception cref="GatewayException"><c>400 invalid_value</c>.</exception>
    public static long ReadAfter(IQueryCollection query, string name) =>
        ReadText(query, name) is not { } text ? -1
        : long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var after) && after >= -1 ? after
        : throw new GatewayException(GatewayError.InvalidValue(name, "the number of an event, or -1 for all."));
}
