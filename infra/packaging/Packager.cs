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
public sealed class Packager(Publish functions, Publish selfHost, string selfHostFiles, string version)
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
        Parallel.Invoke(
            () => Archive.WriteZip(Path.Combine(output, Functions), Read(functions, HostFiles)),
            () => Archive.WriteTarGz(
                Path.Combine(output, SelfHost), Executable,
                Read(selfHost, [Executable]).Where(static f => !IsForHost(f.Path)).Concat(
                    PackageFile.ReadFolder(selfHostFiles, "", static _ => false))));
    }

    private List<PackageFile> Read(Publish publish, string[] needed)
    {
        var files = PackageFile.ReadFolder(publish.Folder, "", static path => path is Executable or "createdump").ToList();
        foreach (var file in needed.Append(Executable + ".dll"))
        {
            if (!files.Exists(f => f.Path == file))
            {
                throw new PackagingException($"the published app has no {file}.");
            }
        }

        return [.. files, Notices.Create(publish.Packages), BillOfMaterials.Create(version, publish.Packages)];
    }

    private static bool IsForHost(string path) => HostFiles.Contains(path) || path.StartsWith(Extensions, StringComparison.Ordinal);
}
