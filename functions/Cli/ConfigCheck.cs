using OpenClaw.Configuration;
using OpenClaw.Functions.SelfHost;

namespace OpenClaw.Functions.Cli;

/// <summary><c>openclaw config check</c>, and the loading that every command shares.</summary>
public static class ConfigCheck
{
    public static int Run(string? path, TextWriter output, TextWriter errors)
    {
        var result = ConfigLoader.Load(ConfigRequest.FromProcess(path));
        Report(result, errors);
        if (result.Config is null)
        {
            return ExitCode.ConfigInvalid;
        }

        output.WriteLine(result.Path is null ? "No configuration file; defaults and environment are fine." : $"{result.Path} is fine.");
        return ExitCode.Ok;
    }

    /// <returns>Null when it is not usable; the problems are written to <paramref name="errors"/>.</returns>
    public static GatewayConfig? Load(string? path, TextWriter errors)
    {
        var result = ConfigLoader.Load(ConfigRequest.FromProcess(path));
        Report(result, errors);
        return result.Config;
    }

    private static void Report(ConfigResult result, TextWriter errors)
    {
        var file = result.Path is null ? "configuration" : Path.GetFileName(result.Path);
        foreach (var warning in result.Warnings)
        {
            errors.WriteLine($"{file}: warning: {warning}");
        }

        foreach (var error in result.Errors)
        {
            errors.WriteLine($"{file}: error: {error}");
        }
    }
}
