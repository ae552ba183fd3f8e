namespace OpenClaw.Packaging;

/// <summary>One file of a package.</summary>
/// <param name="Path">Relative, with <c>/</c>.</param>
public sealed record PackageFile(string Path, byte[] Content, bool IsExecutable = false)
{
    /// <summary>Unix permissions; those of the files it was made from say nothing (NuGet marks libraries as executable).</summary>
    public UnixFileMode Mode =>
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead
        | (IsExecutable ? UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute : 0);

    /// <summary>Every file below a folder, hidden ones too.</summary>
    /// <param name="prefix">Goes ahead of the paths; empty or ends with <c>/</c>.</param>
    /// <param name="isExecutable">Told the path below the folder.</param>
    public static IEnumerable<PackageFile> ReadFolder(string folder, string prefix, Func<string, bool> isExecutable) =>
        Directory.EnumerateFiles(folder, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 })
            .Select(file => System.IO.Path.GetRelativePath(folder, file).Replace('\\', '/'))
            .Select(path => new PackageFile(prefix + path, File.ReadAllBytes(System.IO.Path.Combine(folder, path)), isExecutable(path)));
}
