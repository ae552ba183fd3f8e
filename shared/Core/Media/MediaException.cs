namespace OpenClaw.Media;

/// <summary>A file or image that cannot be used. The message is public: it says what is wrong or which limit was met, and holds
/// nothing of the content.</summary>
public sealed class MediaException(string code, string message, Exception? innerException = null) : Exception(message, innerException)
{
    /// <summary>Not of the type it claims to be, or of one that is not taken.</summary>
    public const string UnsupportedType = "unsupported_media_type";

    /// <summary>Broken, encrypted or otherwise unreadable.</summary>
    public const string Unreadable = "unreadable_file";

    /// <summary>More bytes, characters or pixels than a limit allows.</summary>
    public const string TooLarge = "file_too_large";

    /// <summary>Took more time or memory than a file may.</summary>
    public const string TooComplex = "file_too_complex";

    /// <summary>This gateway has not installed what reads it.</summary>
    public const string ToolsMissing = "media_tools_missing";

    /// <summary>Too many files wait to be read.</summary>
    public const string Busy = "media_busy";

    /// <summary>With <see cref="Busy"/>: when a retry makes sense.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>What callers see in the error's <c>code</c>.</summary>
    public string Code => code;
}
