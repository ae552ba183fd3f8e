// openclaw-packaging WORK_FOLDER SELFHOST_FOLDER VERSION OUT; started by infra/package, which has left in WORK_FOLDER the publishes
// `functions` and `selfhost` and what restore wrote down for them, as `functions.assets.json`, `selfhost.assets.json` and
// `extensions.assets.json`.
using OpenClaw.Packaging;

if (args is not [var work, var selfHostFiles, var version, var output])
{
    Console.Error.WriteLine("Started by infra/package.");
    return 2;
}

try
{
    var functions = Path.Combine(work, "functions");
    var selfHost = Path.Combine(work, "selfhost");
    new Packager(
        new Publish(functions, [
            .. NuGetPackage.ReadAll(functions + ".assets.json")
                .Concat(NuGetPackage.ReadAll(Path.Combine(work, "extensions.assets.json"), Path.Combine(functions, ".azurefunctions")))
                .Distinct().OrderBy(static p => p.Id, StringComparer.OrdinalIgnoreCase).ThenBy(
                    static p => p.Version, StringComparer.Ordinal)]),
        new Publish(selfHost, NuGetPackage.ReadAll(selfHost + ".assets.json")),
        selfHostFiles, version).WriteAll(output);
    return 0;
}
catch (PackagingException failure)
{
    Console.Error.WriteLine($"Package: {failure.Message}");
    return 1;
}
