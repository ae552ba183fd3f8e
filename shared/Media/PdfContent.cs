namespace OpenClaw.Media;

/// <summary>What is taken from a PDF.</summary>
/// <param name="MaxPages">Pages that become pictures where there is too little text; 0 for none.</param>
/// <param name="MaxPixels">Of one picture.</param>
/// <param name="MinTextChars">Fewer characters that are not white space are too little text.</param>
/// <param name="MaxChars">Of the text.</param>
public sealed record PdfLimits(int MaxPages, int MaxPixels, int MinTextChars, int MaxChars);

/// <summary>What a PDF says.</summary>
/// <param name="Text">Of all pages, a blank line between two; may be little or nothing when there are pictures. Holds no control
/// characters but line feeds and tabs, and no unpaired surrogates.</param>
/// <param name="Pages">Pictures of the first pages as JPEG; none where the text suffices.</param>
/// <param name="IsTruncated">Some of the text or of the pages is left out.</param>
public sealed record PdfContent(string Text, IReadOnlyList<byte[]> Pages, bool IsTruncated);

/// <summary>How long one PDF may keep its reader busy.</summary>
/// <param name="CpuSeconds">Processor time of one program.</param>
/// <param name="Program">Wall clock of one program.</param>
/// <param name="File">Wall clock of all programs together; waiting for a free place does not count.</param>
public sealed record PdfTimes(int CpuSeconds, TimeSpan Program, TimeSpan File)
{
    public static PdfTimes Default { get; } = new(5, TimeSpan.FromSeconds(6), TimeSpan.FromSeconds(20));
}
