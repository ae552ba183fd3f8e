namespace OpenClaw.Configuration;

/// <summary>What loading came to.</summary>
/// <param name="Config">Null exactly when there are errors.</param>
/// <param name="Errors">In the order of the text; at most 20, then one that counts the rest.</param>
/// <param name="Warnings">One per key that is deprecated or has no effect here.</param>
/// <param name="Path">The file read, or tried; null when defaults and environment are all there is.</param>
public sealed record ConfigResult(
    GatewayConfig? Config, IReadOnlyList<ConfigProblem> Errors, IReadOnlyList<ConfigProblem> Warnings, string? Path);
