namespace OpenClaw.Media.Worker;

/// <summary>Whether this gateway can read PDFs and convert images. False in both is no failure: it says so where they are sent.</summary>
/// <param name="Pdf">Null while they are being looked for.</param>
/// <param name="Images">Null while they are being looked for.</param>
public sealed record MediaToolsStatus(bool? Pdf, bool? Images);
