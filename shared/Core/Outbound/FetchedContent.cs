namespace OpenClaw.Outbound;

/// <param name="MediaType">As the server says: lower case, without parameters; null when absent or malformed.</param>
/// <param name="Charset">Of the <c>Content-Type</c>.</param>
/// <param name="FileName">From <c>Content-Disposition</c>, else the last segment of the path; without folders, null when there is
/// none.</param>
public sealed record FetchedContent(byte[] Bytes, string? MediaType, string? Charset, string? FileName);
