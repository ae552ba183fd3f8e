using OpenClaw.Configuration;
using OpenClaw.Functions.Hosts.SelfHost;
using OpenClaw.Models.Providers;

namespace OpenClaw.Functions.Cli.Commands;

/// <summary><c>openclaw config check</c> and <c>config environment</c>, and the loading that every command shares.</summary>
public static class ConfigCheck
{
    public static int Run(string? path, TextWriter output, TextWriter errors)
    {
        var result = Load(path, errors);
        if (result.Config is null)
        {
            return ExitCode.ConfigInvalid;
        }

        output.WriteLine(result.Path is null ? "No configuration file; defaults and environment are fine." : $"{result.Path} is fine.");
        return ExitCode.Ok;
    }

    public static void PrintEnvironment(TextWriter output)
    {
        var width = EnvironmentVariables.All.Max(variable => variable.Name.Length);
        foreach (var variable in EnvironmentVariables.All)
        {
            output.WriteLine($"{variable.Name.PadRight(width)}  {variable.Purpose}");
        }
    }

    /// <summary>Loads, and writes the problems to <paramref name="errors"/>.</summary>
    public static ConfigResult Load(string? path, TextWriter errors)
    {
        var result = ConfigLoader.Load(ConfigRequest.FromProcess(path), ProviderApis.Rules);
        Report(result, errors);
        return result;
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
