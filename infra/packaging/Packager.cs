namespace OpenClaw.Packaging;

/// <summary>One publish of the app.</summary>
/// <param name="Folder">What was published.</param>
/// <param name="Packages">What of others is in it.</param>
public sealed record Publish(string Folder, IReadOnlyList<NuGetPackage> Packages);

/// <summary>Makes the packages of two publishes.</summary>
/// <param name="functions">For the Functions host: framework-dependent, because only then its placeholder process can load the app.</param>
/// <param name="selfHost">With .NET inside.</param>
/// <param name="selfHostFiles">What comes with the self-host: its unit and instructions.</param>
/// <param name="version">Of the app, with its commit where there is one.</param>
/// <param name="mediaTools">Folder of the bundle; null for packages without one.</param>
public sealed class Packager(Publish functions, Publish selfHost, string selfHostFiles, string version, string? mediaTools)
{
    public const string Functions = "openclaw-functions.zip";
    public const string SelfHost = "openclaw-selfhost.tar.gz";

    private const string Executable = "openclaw";

    /// <summary>The extensions that the host loads into itself.</summary>
    private const string Extensions = ".azurefunctions/";

    /// <summary>Without one of these the Functions host refuses the app, or serves nothing and says nothing.</summary>
    private static readonly string[] HostFiles =
    [
        "host.json", "worker.config.json", "extensions.json", "functions.metadata",
        Extensions + "Microsoft.Azure.WebJobs.Extensions.FunctionMetadataLoader.dll",
        Extensions + "Microsoft.Azure.WebJobs.Extensions.Storage.Queues.dll",
    ];

    /// <exception cref="PackagingException">A publish is not a whole app.</exception>
    public void WriteAll(string output)
    {
        var media = mediaTools is null ? null : MediaBundle.Read(mediaTools);
        Parallel.Invoke(
            () => Archive.WriteZip(Path.Combine(output, Functions), Read(functions, media, HostFiles)),
            () => Archive.WriteTarGz(
                Path.Combine(output, SelfHost), Executable,
                Read(selfHost, media, [Executable]).Where(static f => !IsForHost(f.Path)).Concat(PackageFile.ReadFolder(selfHostFiles, "", static _ => false))));
    }

    private List<PackageFile> Read(Publish publish, MediaBundle? media, string[] needed)
    {
        var files = PackageFile.ReadFolder(publish.Folder, "", static path => path is Executable or "createdump").ToList();
        foreach (var file in needed.Append(Executable + ".dll"))
        {
            if (!files.Exists(f => f.Path == file))
            {
                throw new PackagingException($"the published app has no {file}.");
            }
        }

        return
        [
            .. files, .. media?.Files() ?? [], Notices.Create(publish.Packages, media),
            BillOfMaterials.Create(version, publish.Packages, media, Distribution()),
        ];
    }

    private static bool IsForHost(string path) => HostFiles.Contains(path) || path.StartsWith(Extensions, StringComparison.Ordinal);

    /// <summary>Whose packages the media tools are from, such as <c>debian</c>.</summary>
    private static string Distribution() =>
        File.Exists("/etc/os-release") && File.ReadLines("/etc/os-release").FirstOrDefault(static l => l.StartsWith("ID=", StringComparison.Ordinal)) is { } line
            ? line[3..].Trim('"')
            : "debian";
}
