using OpenClaw.Configuration;
using OpenClaw.Models.Providers;

namespace OpenClaw.Tests.Support;

/// <summary>Loads configuration as the program does: its providers may have any api of the table.</summary>
internal static class TestConfig
{
    public static ConfigResult Load(ConfigRequest request) => ConfigLoader.Load(request, ProviderApis.Rules);

    public static ConfigResult Parse(ReadOnlySpan<byte> utf8, IReadOnlyDictionary<string, string>? environment = null) =>
        ConfigLoader.Parse(utf8, ProviderApis.Rules, environment);

    public static ConfigResult Parse(string text, IReadOnlyDictionary<string, string>? environment = null) =>
        ConfigLoader.Parse(text, ProviderApis.Rules, environment);
}
