using OpenClaw.Media;

namespace OpenClaw.Tests.Support;

/// <summary>Programs that tests make samples with.</summary>
public static class TestTools
{
    /// <summary>From the bundle that <see cref="MediaToolsFixture"/> assembled, else from the PATH.</summary>
    public static NativeProgram? Find(string name) =>
        (MediaToolsFixture.Folder is { } folder ? MediaBundle.Open(folder)?.FindTestProgram(name) : null)
        ?? MediaToolsOptions.FromEnvironment(Environment.GetEnvironmentVariable).FindProgram(name);
}
