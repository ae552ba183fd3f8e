using OpenClaw.Configuration;

namespace OpenClaw.Functions.Cli;

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

    /// <summary><c>OPENCLAW_INFRA_DIR</c>, else <c>infra</c> beside the solution file above this assembly.</summary>
    private static string FindFolder()
    {
        var infra = Environment.GetEnvironmentVariable(EnvironmentVariables.InfraFolder);
        for (var parent = new DirectoryInfo(AppContext.BaseDirectory); infra is null && parent is not null; parent = parent.Parent)
        {
            infra = File.Exists(Path.Combine(parent.FullName, "OpenClaw.Functions.sln")) ? Path.Combine(parent.FullName, "infra") : null;
        }

        return infra is not null && File.Exists(Path.Combine(infra, "local", "azurite.mjs"))
            ? Path.Combine(infra, "local")
            : throw new AzuriteUnavailableException(
                $"The storage emulator's files (infra/local) are not part of a published app: run from a checkout, set OPENCLAW_INFRA_DIR to its infra folder{Otherwise}.");
    }
}
