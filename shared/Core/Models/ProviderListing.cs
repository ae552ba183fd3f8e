namespace OpenClaw.Models;

/// <summary>A configured provider and its health.</summary>
public sealed record ProviderListing(string Id, ProviderHealth Health);
