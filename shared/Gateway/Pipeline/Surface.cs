using Microsoft.AspNetCore.Http;

namespace OpenClaw.Gateway.Pipeline;

/// <summary>Whose shape an error takes.</summary>
public enum ErrorShape
{
    /// <summary><c>{"error":{"message","type","param","code"}}</c>.</summary>
    OpenAi,

    /// <summary><c>{"success":false,"error":{"code","message","retryAfter"}}</c>.</summary>
    Api,

    /// <summary><c>{"ok":false,"error":{"type","message"}}</c>.</summary>
    Tools,
}

/// <summary>Which family of routes a path belongs to; decided by the path alone, so that errors before any handler fit too.</summary>
public static class Surface
{
    private static readonly string[] Tools = ["/tools", "/v1/tools", "/hooks"];

    public static bool IsApi(PathString path) => path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase);

    public static ErrorShape ShapeOf(PathString path)
    {
        if (IsApi(path))
        {
            return ErrorShape.Api;
        }

        foreach (var prefix in Tools)
        {
            if (path.StartsWithSegments(prefix, StringComparison.OrdinalIgnoreCase))
            {
                return ErrorShape.Tools;
            }
        }

        return ErrorShape.OpenAi;
    }
}
