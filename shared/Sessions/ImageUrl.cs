namespace OpenClaw.Sessions;

/// <summary>The form of image URLs.</summary>
public static class ImageUrl
{
    /// <summary>True for <c>data:image/…;base64,</c> with valid base64 behind it.</summary>
    public static bool IsDataUrl(string url)
    {
        var comma = url.IndexOf(',', StringComparison.Ordinal);
        return comma > 0
            && url.StartsWith("data:image/", StringComparison.OrdinalIgnoreCase)
            && url.AsSpan(0, comma).EndsWith(";base64", StringComparison.OrdinalIgnoreCase)
            && System.Buffers.Text.Base64.IsValid(url.AsSpan(comma + 1));
    }
}
