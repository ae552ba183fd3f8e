using OpenClaw.Configuration;

namespace OpenClaw.Models;

/// <summary>A configured model, as lists of models show it.</summary>
/// <param name="Reference"><c>provider/id</c>.</param>
public sealed record ModelListing(string Reference, string ProviderId, ModelSection Info);
