namespace OpenClaw.Outbound;

/// <param name="Status">Never a redirect.</param>
public sealed record FetchedResponse(int Status, FetchedContent Content);
