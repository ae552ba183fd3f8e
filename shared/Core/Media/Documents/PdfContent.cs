namespace OpenClaw.Media.Documents;

/// <summary>What is taken from a PDF.</summary>
/// <param name="MaxPages">Pages that become pictures where the text is not enough; 0 for none.</param>
/// <param name="MaxPixels">Of one picture.</param>
/// <param name="MinTextChars">Fewer characters that are not white space are too little text.</param>
/// <param name="MaxChars">Of the text.</param>
public sealed record PdfLimits(int MaxPages, int MaxPixels, int MinTextChars, int MaxChars);

/// <summary>What a PDF says.</summary>
/// <param name="Text">Of all pages, a blank line between two; may be little or nothing when there are pictures. Holds no control
/// characters but line feeds and tabs, and no unpaired surrogates.</param>
/// <param name="Pages">Pictures of pages as JPEG; none where the text suffices.</param>
/// <param name="IsTruncated">Some of the text or of the pages is left out.</param>
public sealed record PdfContent(string Text, IReadOnlyList<byte[]> Pages, bool IsTruncated)
{
    /// <summary>What was done to get it, in words for the model.</summary>
    public string Summary { get; init; } = "";
}

/// <summary>How much processor time the reading of one PDF may take.</summary>
/// <param name="Text">The text of all pages.</param>
/// <param name="Page">The picture of one page.</param>
/// <param name="File">All together.</param>
public sealed record PdfTimes(TimeSpan Text, TimeSpan Page, TimeSpan File)
{
    public static PdfTimes Default { get; } = new(TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(6));
}
