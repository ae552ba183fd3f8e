using OpenClaw.Media;

namespace OpenClaw.Tests.Support;

/// <summary>Programs that only tests need, such as <c>heif-enc</c>.</summary>
public static class TestTools
{
    /// <summary>From the bundle that the environment names, else from the PATH; null when there is none.</summary>
    public static NativeProgram? Find(string name)
    {
        var options = MediaToolsOptions.FromEnvironment(Environment.GetEnvironmentVariable);
        return options.Folders.Select(folder => MediaBundle.Open(folder)?.FindTestProgram(name)).FirstOrDefault(program => program is not null)
            ?? options.FindProgram(name);
    }
}
