using OpenClaw.Tools.Workspace;

namespace OpenClaw.Tools.BuiltIn.Files;

/// <summary>A folder as <c>fs_list</c> shows it.</summary>
/// <param name="Path">Empty for the root.</param>
/// <param name="IsTruncated">Whether entries are left out behind the last one.</param>
internal sealed record ListedFiles(string Path, IReadOnlyList<ListedFile> Entries, bool IsTruncated);

/// <param name="Type"><c>file</c> or <c>folder</c>; only files have the rest.</param>
internal sealed record ListedFile(string Path, string Type)
{
    public long? Bytes { get; init; }

    public string? Etag { get; init; }

    public DateTimeOffset? ModifiedAt { get; init; }

    public static ListedFile Of(WorkspaceEntry entry) =>
        new(entry.Path, "file") { Bytes = entry.Bytes, Etag = entry.ETag, ModifiedAt = entry.ModifiedAt };
}

internal sealed record WrittenFile(string Path, long Bytes, string Etag);

internal sealed record DeletedFile(string Path, bool Deleted);
