namespace OpenClaw.Tools.BuiltIn.Files;

/// <summary>The argument <c>etag</c>.</summary>
internal static class FileVersion
{
    private const int MaxLength = 64;

    /// <exception cref="ToolException">It cannot be one.</exception>
    public static string? Read(string? text) =>
        text?.Trim('"') is not { } etag ? null
        : etag.Length is > 0 and <= MaxLength && etag.All(char.IsAsciiLetterOrDigit) ? etag
        : throw new ToolException("The argument 'etag' must come from fs_read, fs_list or fs_write.");
}
