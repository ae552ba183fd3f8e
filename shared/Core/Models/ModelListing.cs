using OpenClaw.Configuration;

namespace OpenClaw.Models;

/// <summary>A configured model as an entry of a list.</summary>
/// <param name="Reference"><c>provider/id</c>.</param>
public sealed record ModelListing(string Reference, string ProviderId, ModelSection Info);
