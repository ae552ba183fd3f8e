namespace OpenClaw.Configuration;

/// <summary>How the configuration of this process is loaded again.</summary>
/// <param name="Path">The file to watch and to write; null when there is none.</param>
/// <param name="Load">Loads it as at the start, with the command line's values on top: the text given, or the file for null.</param>
public sealed record ConfigSource(string? Path, Func<string?, ConfigResult> Load);

/// <summary>A setting whose change needs a restart.</summary>
/// <param name="Key">Its path, such as <c>gateway.port</c>.</param>
/// <param name="Read">What is compared.</param>
/// <param name="Keep">Gives the second configuration what the first one has.</param>
public sealed record RestartKey(string Key, Func<GatewayConfig, object?> Read, Action<GatewayConfig, GatewayConfig> Keep);
