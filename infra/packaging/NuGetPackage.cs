using System.Text.Json;
using System.Xml.Linq;

namespace OpenClaw.Packaging;

/// <summary>A NuGet package that is part of the app.</summary>
/// <param name="Folder">Where it lies unpacked.</param>
/// <param name="Sha512">Of the <c>.nupkg</c>, base64.</param>
/// <param name="License">SPDX expression, else the address of a licence.</param>
public sealed record NuGetPackage(
    string Id, string Version, string Folder, string Sha512, string License, string Authors, string Copyright, string ProjectUrl)
{
    /// <summary>.NET itself comes as downloads, not as references.</summary>
    private static readonly string[] CodeKinds = ["runtime", "native"];
    private static readonly string[] Downloads = ["Microsoft.NETCore.App.Runtime.", "Microsoft.AspNetCore.App.Runtime."];

    /// <summary>A build tool of which one assembly is deployed: the host's loader of functions.</summary>
    private const string WorkerSdk = "Microsoft.Azure.Functions.Worker.Sdk/";

    /// <summary>Licences and notices that lie in the package.</summary>
    public IEnumerable<string> LicenseFiles => Directory.EnumerateFiles(Folder)
        .Where(static f => Path.GetFileName(f).ToUpperInvariant() is var name
            && (name.StartsWith("LICENSE", StringComparison.Ordinal) || name.StartsWith("THIRD-PARTY-NOTICES", StringComparison.Ordinal)
                || name.StartsWith("NOTICE.", StringComparison.Ordinal)))
        .Order(StringComparer.OrdinalIgnoreCase);

    /// <summary>What restore wrote down: packages with code of which something is deployed, sorted.</summary>
    /// <param name="assetsFile">The <c>project.assets.json</c> of the app, or of the extensions of its host.</param>
    /// <param name="deployed">Folder that holds what is deployed of them; null when all of it is.</param>
    public static IReadOnlyList<NuGetPackage> ReadAll(string assetsFile, string? deployed = null)
    {
        using var assets = JsonDocument.Parse(File.ReadAllBytes(assetsFile));
        var folders = assets.RootElement.GetProperty("packageFolders").EnumerateObject().Select(f => f.Name).ToList();
        // the one with a runtime identifier
        var target = assets.RootElement.GetProperty("targets").EnumerateObject().MaxBy(t => t.Name.Length).Value;
        var referenced = target.EnumerateObject()
            .Where(l => l.Value.GetProperty("type").GetString() == "package"
                && (HasCode(l.Value, deployed) || l.Name.StartsWith(WorkerSdk, StringComparison.Ordinal)))
            .Select(static l => l.Name.Split('/')).Select(static name => (Id: name[0], Version: name[1]));
        var framework = assets.RootElement.GetProperty("project").GetProperty("frameworks").EnumerateObject().First().Value;
        var downloads = framework.TryGetProperty("downloadDependencies", out var list) ? [.. list.EnumerateArray()] : (List<JsonElement>)[];
        var downloaded = downloads
            .Select(static d => (
                Id: d.GetProperty("name").GetString()!, Version: d.GetProperty("version").GetString()!.Trim('[', ']').Split(',')[0]))
            .Where(static d => Array.Exists(Downloads, prefix => d.Id.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)));
        return [.. referenced.Concat(downloaded).Distinct().OrderBy(p => p.Id, StringComparer.OrdinalIgnoreCase).Select(
            p => Read(p.Id, p.Version, folders))];
    }

    private static bool HasCode(JsonElement library, string? deployed) =>
        CodeKinds.Any(kind => library.TryGetProperty(kind, out var files) && files.EnumerateObject().Any(f =>
            !f.Name.EndsWith("/_._", StringComparison.Ordinal)
                && (deployed is null || File.Exists(Path.Combine(deployed, Path.GetFileName(f.Name))))));

    private static NuGetPackage Read(string id, string version, List<string> folders)
    {
        var name = id.ToLowerInvariant();
        var folder = folders.Select(f => Path.Combine(f, name, version.ToLowerInvariant())).FirstOrDefault(Directory.Exists)
            ?? throw new PackagingException($"the package {id} {version} is not in {string.Join(", ", folders)}.");
        var metadata = XDocument.Load(Path.Combine(folder, name + ".nuspec")).Root!.Elements().First(
            static e => e.Name.LocalName == "metadata");
        var license = Element("license") is { } element && element.Attribute("type")?.Value == "expression" ? element.Value
            : Text("licenseUrl");
        return new NuGetPackage(
            id, version, folder, File.ReadAllText(Path.Combine(folder, $"{name}.{version.ToLowerInvariant()}.nupkg.sha512")).Trim(),
            license, Text("authors"), Text("copyright"), Text("projectUrl"));

        XElement? Element(string wanted) => metadata.Elements().FirstOrDefault(e => e.Name.LocalName == wanted);

        string Text(string wanted) => Element(wanted)?.Value.Trim() ?? "";
    }
}
