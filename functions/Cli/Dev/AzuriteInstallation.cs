namespace OpenClaw.Functions.Cli.Dev;

/// <summary>The storage emulator that <c>infra/local</c> pins: found, and installed when it is not there yet.</summary>
internal static class AzuriteInstallation
{
    private const string Otherwise = ", or set DataStorage to a storage connection string";

    /// <summary>Returns the folder that holds <c>azurite.mjs</c> and an up-to-date <c>node_modules</c>.</summary>
    /// <exception cref="AzuriteUnavailableException">No <c>infra/local</c>, no Node, or the installation failed.</exception>
    public static async Task<string> EnsureAsync(Action<string>? progress, CancellationToken cancellationToken)
    {
        var folder = FindFolder();
        try
        {
            await new NpmInstallation(folder, "The storage emulator", Otherwise).EnsureAsync(progress, cancellationToken);
            return folder;
        }
        catch (NpmInstallationException failure)
        {
            throw new AzuriteUnavailableException(failure.Message, failure);
        }
    }

    private static string FindFolder() => InfraFolder.Find("local", "azurite.mjs") ?? throw new AzuriteUnavailableException(
        $"The storage emulator's files (infra/local) are not part of a published app: run from a checkout, set OPENCLAW_INFRA_DIR to its infra folder{Otherwise}.");
}
