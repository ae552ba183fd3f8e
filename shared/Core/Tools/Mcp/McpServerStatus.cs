namespace OpenClaw.Tools.Mcp;

/// <summary>How one server does, as this instance knows it.</summary>
/// <param name="Transport"><c>http</c>, <c>streamable-http</c>, <c>sse</c> or <c>stdio</c>.</param>
/// <param name="Status"><c>idle</c> (not needed yet), <c>connecting</c>, <c>connected</c>, <c>error</c>, <c>disabled</c> or
/// <c>unavailable</c> (a program, under the Functions host).</param>
/// <param name="Tools">How many tools it offers, after the filter; 0 until it was asked.</param>
public sealed record McpServerStatus(string Name, string Transport, string Status, int Tools)
{
    /// <summary>What failed last, while it fails.</summary>
    public string? Error { get; init; }

    /// <summary>When its tools were last listed.</summary>
    public DateTimeOffset? ListedAt { get; init; }
}
