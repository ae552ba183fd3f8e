namespace OpenClaw.Configuration;

/// <summary>The media store: files that callers, tools and channels leave for a while.</summary>
public sealed class MediaSection
{
    public bool Enabled { get; set; } = true;

    /// <summary>Bytes of one file; larger ones are 413.</summary>
    public long MaxBytes { get; set; } = 26_214_400;

    /// <summary>How long a file is kept whose upload asks for nothing else.</summary>
    public int TtlSeconds { get; set; } = 86_400;

    /// <summary>The longest that an upload may ask for.</summary>
    public int MaxTtlSeconds { get; set; } = 604_800;

    /// <summary>Bytes of all files of one owner; a deleted or expired file counts until its hour is over.</summary>
    public long QuotaBytes { get; set; } = 1_073_741_824;

    /// <summary>How long a link with a ticket opens its file.</summary>
    public int TicketSeconds { get; set; } = 300;

    /// <summary>Types that are taken; empty: any.</summary>
    public IReadOnlyList<string> AllowedMimes { get; set; } = [];
}
