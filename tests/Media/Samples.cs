using OpenClaw.Tests.Support;

namespace OpenClaw.Tests.Media;

/// <summary>Files of <c>tests/Media/Data</c>.</summary>
internal static class Samples
{
    public static byte[] Read(string name) => File.ReadAllBytes(Path.Combine(Repository.Root, "tests", "Media", "Data", name));
}
