using OpenClaw.Configuration;

namespace OpenClaw.Functions.Cli.Dev;

/// <summary>Files that are part of a checkout, not of a published app.</summary>
internal static class InfraFolder
{
    /// <summary>Of <c>OPENCLAW_INFRA_DIR</c>, else of <c>infra</c> beside the solution file above this assembly.</summary>
    /// <returns>The path of the folder, null when it has no such file.</returns>
    public static string? Find(string name, string file)
    {
        var infra = Environment.GetEnvironmentVariable(EnvironmentVariables.InfraFolder);
        for (var parent = new DirectoryInfo(AppContext.BaseDirectory); infra is null && parent is not null; parent = parent.Parent)
        {
            infra = File.Exists(Path.Combine(parent.FullName, "OpenClaw.Functions.sln")) ? Path.Combine(parent.FullName, "infra") : null;
        }

        return infra is not null && File.Exists(Path.Combine(infra, name, file)) ? Path.Combine(infra, name) : null;
    }
}
