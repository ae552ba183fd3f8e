using OpenClaw.Tests.Support;

namespace OpenClaw.Tests.Core.Media;

/// <summary>Files of <c>tests/Core/Media/Data</c>.</summary>
internal static class Samples
{
    public static byte[] Read(string name) => File.ReadAllBytes(Path.Combine(Repository.Root, "tests", "Core", "Media", "Data", name));
}
