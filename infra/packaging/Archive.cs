using System.Formats.Tar;
using System.IO.Compression;

namespace OpenClaw.Packaging;

/// <summary>Archives that are the same bytes for the same files: sorted, one time stamp, no user account, permissions of their
/// own.</summary>
public static class Archive
{
    /// <summary>The earliest that a zip can say.</summary>
    private static readonly DateTimeOffset Timestamp = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private const int RegularFile = 0x8000; // S_IFREG

    public static void WriteZip(string path, IEnumerable<PackageFile> files)
    {
        using var zip = new ZipArchive(File.Create(path), ZipArchiveMode.Create);
        foreach (var file in Sort(files))
        {
            var entry = zip.CreateEntry(file.Path, CompressionLevel.Optimal);
            entry.LastWriteTime = Timestamp;
            entry.ExternalAttributes = (RegularFile | (int)file.Mode) << 16;
            using var stream = entry.Open();
            stream.Write(file.Content);
        }
    }

    /// <param name="root">The folder that everything is in.</param>
    public static void WriteTarGz(string path, string root, IEnumerable<PackageFile> files)
    {
        using var gzip = new GZipStream(File.Create(path), CompressionLevel.Optimal);
        using var tar = new TarWriter(gzip, TarEntryFormat.Ustar);
        var folders = new HashSet<string>(StringComparer.Ordinal);
        foreach (var file in Sort(files))
        {
            var full = $"{root}/{file.Path}";
            for (var slash = full.IndexOf('/', StringComparison.Ordinal); slash >= 0; slash = full.IndexOf('/', slash + 1))
            {
                if (folders.Add(full[..slash]))
                {
                    Write(new UstarTarEntry(TarEntryType.Directory, full[..slash] + "/"), (UnixFileMode)0b111_101_101);
                }
            }

            Write(new UstarTarEntry(TarEntryType.RegularFile, full) { DataStream = new MemoryStream(file.Content) }, file.Mode);
        }

        void Write(UstarTarEntry entry, UnixFileMode mode)
        {
            entry.ModificationTime = Timestamp;
            entry.Mode = mode;
            entry.UserName = entry.GroupName = "root";
            tar.WriteEntry(entry);
        }
    }

    private static IEnumerable<PackageFile> Sort(IEnumerable<PackageFile> files) => files.OrderBy(f => f.Path, StringComparer.Ordinal);
}
