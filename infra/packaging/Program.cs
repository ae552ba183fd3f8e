using OpenClaw.Packaging;

// openclaw-packaging PUBLISH ASSETS_FILE SELFHOST_FOLDER VERSION OUT [MEDIA_TOOLS]; started by infra/package.
if (args is not [var publish, var assets, var selfHost, var version, var output, ..] || args.Length > 6)
{
    Console.Error.WriteLine("Started by infra/package.");
    return 2;
}

try
{
    new Packager(publish, selfHost, NuGetPackage.ReadAll(assets), version, args.ElementAtOrDefault(5)).WriteAll(output);
    return 0;
}
catch (PackagingException failure)
{
    Console.Error.WriteLine($"Package: {failure.Message}");
    return 1;
}
