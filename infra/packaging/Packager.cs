namespace OpenClaw.Packaging;

/// <summary>Makes the packages of one publish.</summary>
/// <param name="publish">The published app.</param>
/// <param name="selfHost">What comes with the self-host: its unit and instructions.</param>
/// <param name="version">Of the app, with its commit where there is one.</param>
/// <param name="mediaTools">Folder of the bundle; null for packages without one.</param>
public sealed class Packager(
    string publish, string selfHost, IReadOnlyList<NuGetPackage> packages, string version, string? mediaTools)
{
    public const string Functions = "openclaw-functions.zip";
    public const string CustomHandlerName = "openclaw-custom-handler.zip";
    public const string SelfHost = "openclaw-selfhost.tar.gz";

    private const string Executable = "openclaw";

    /// <summary>Without one of these the Functions host refuses the app, or serves nothing and says nothing.</summary>
    private static readonly string[] HostFiles =
    [
        "host.json", "worker.config.json", "extensions.json", "functions.metadata",
        ".azurefunctions/Microsoft.Azure.WebJobs.Extensions.FunctionMetadataLoader.dll",
    ];

    /// <exception cref="PackagingException">The publish is not a whole app.</exception>
    public void WriteAll(string output)
    {
        var published = PackageFile.ReadFolder(publish, "", static path => path is Executable or "createdump").ToList();
        foreach (var needed in HostFiles.Append(Executable))
        {
            if (!published.Exists(f => f.Path == needed))
            {
                throw new PackagingException($"the published app has no {needed}.");
            }
        }

        var media = mediaTools is null ? null : MediaBundle.Read(mediaTools);
        var app = published.Where(f => !HostFiles.Contains(f.Path))
            .Concat(media?.Files() ?? [])
            .Append(Notices.Create(packages, media))
            .Append(BillOfMaterials.Create(version, packages, media, Distribution()))
            .ToList();
        var host = published.Where(f => HostFiles.Contains(f.Path)).ToList();
        Parallel.Invoke(
            () => Archive.WriteZip(Path.Combine(output, Functions), app.Concat(host)),
            () => Archive.WriteZip(Path.Combine(output, CustomHandlerName), app.Concat(CustomHandler.Files(Content("host.json"), Content("functions.metadata")))),
            () => Archive.WriteTarGz(Path.Combine(output, SelfHost), Executable, app.Concat(PackageFile.ReadFolder(selfHost, "", static _ => false))));

        byte[] Content(string path) => host.Find(f => f.Path == path)!.Content;
    }

    /// <summary>Whose packages the media tools are from, such as <c>debian</c>.</summary>
    private static string Distribution() =>
        File.Exists("/etc/os-release") && File.ReadLines("/etc/os-release").FirstOrDefault(static l => l.StartsWith("ID=", StringComparison.Ordinal)) is { } line
            ? line[3..].Trim('"')
            : "debian";
}
