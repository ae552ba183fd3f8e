namespace OpenClaw.Tools.Workspace;

/// <summary>One version of a file.</summary>
/// <param name="ETag">Another after every write.</param>
public sealed record WorkspaceEntry(string Path, long Bytes, string ETag, DateTimeOffset ModifiedAt);

/// <summary>A file as it was read.</summary>
/// <param name="Content">Null where the file is larger than what may be read.</param>
public sealed record WorkspaceFile(WorkspaceEntry Entry, byte[]? Content);
