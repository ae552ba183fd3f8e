using System.Text.Json;

namespace OpenClaw.Packaging;

/// <summary>What <c>infra/media-tools/assemble</c> has made.</summary>
/// <param name="Packages">Name, version, architecture and source package of each Debian or Ubuntu package in it.</param>
public sealed record MediaBundle(string Folder, IReadOnlyList<(string Name, string Version, string Architecture, string Source)> Packages)
{
    public static MediaBundle Read(string folder)
    {
        var manifest = Path.Combine(folder, "manifest.json");
        if (!File.Exists(manifest))
        {
            throw new PackagingException($"{folder} holds no media tools.");
        }

        using var json = JsonDocument.Parse(File.ReadAllBytes(manifest));
        return new MediaBundle(folder, [.. json.RootElement.GetProperty("packages").EnumerateArray().Select(static p => (
            Text(p, "name"), Text(p, "version"), Text(p, "architecture"), Text(p, "source")))]);
    }

    /// <summary>All of it, but not what only tests need.</summary>
    public IEnumerable<PackageFile> Files() => PackageFile.ReadFolder(Folder, "media-tools/", static path => path.StartsWith("bin/", StringComparison.Ordinal))
        .Where(static f => !f.Path.StartsWith("media-tools/test/", StringComparison.Ordinal));

    private static string Text(JsonElement package, string name) => package.GetProperty(name).GetString()!;
}
