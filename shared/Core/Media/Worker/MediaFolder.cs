namespace OpenClaw.Media.Worker;

/// <summary>The temporary folder of one media worker. While it is in use the gateway keeps a file in it open for itself alone. A killed
/// gateway loses that lock, so that another gateway can tell its folders from those in use, also across containers.</summary>
public sealed class MediaFolder : IDisposable
{
    private const string Prefix = "openclaw-media-";

    private const string LockName = "in-use";

    /// <summary>Between the creation of a folder and that of its lock. Folders of earlier versions have no lock.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromHours(1);

    private static readonly EnumerationOptions Own = new() { AttributesToSkip = FileAttributes.ReparsePoint, IgnoreInaccessible = true };

    private readonly FileStream _lock;

    private MediaFolder(string path)
    {
        Path = path;
        _lock = new FileStream(System.IO.Path.Combine(path, LockName), FileMode.CreateNew, FileAccess.Write, FileShare.None);
    }

    public string Path { get; }

    public static MediaFolder Create() => new(Directory.CreateTempSubdirectory(Prefix).FullName);

    /// <summary>Deletes the folders of killed gateways.</summary>
    public static void DeleteAbandoned(DateTimeOffset now)
    {
        try
        {
            foreach (var folder in new DirectoryInfo(System.IO.Path.GetTempPath()).EnumerateDirectories(Prefix + "*", Own))
            {
                if (IsAbandoned(folder, now))
                {
                    Delete(folder.FullName);
                }
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // There is no temporary folder, or another process deletes in it; the next start tries again.
        }
    }

    /// <summary>Does nothing when the folder is deleted already: the worker deletes it when the gateway ends.</summary>
    public static void Delete(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // Another process deletes it at the same time, or will when it starts.
        }
    }

    public void Dispose()
    {
        _lock.Dispose();
        Delete(Path);
    }

    private static bool IsAbandoned(DirectoryInfo folder, DateTimeOffset now)
    {
        var file = new FileInfo(System.IO.Path.Combine(folder.FullName, LockName));
        if (!file.Exists)
        {
            return folder.LastWriteTimeUtc < now - Grace;
        }

        try
        {
            file.Open(FileMode.Open, FileAccess.ReadWrite, FileShare.None).Dispose();
            return true;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
