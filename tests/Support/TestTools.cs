using OpenClaw.Media;

namespace OpenClaw.Tests.Support;

/// <summary>Programs that only tests need, such as <c>heif-enc</c>.</summary>
public static class TestTools
{
    /// <summary>Null when there is none.</summary>
    public static NativeProgram? Find(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists) is { } path ? new NativeProgram(path) : null;
}
