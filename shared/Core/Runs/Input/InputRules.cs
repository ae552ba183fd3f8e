using OpenClaw.Configuration;

namespace OpenClaw.Runs.Input;

/// <summary>Limits for the files and images of a request.</summary>
/// <param name="Section">The configuration key of the surface, for messages.</param>
/// <param name="MaxUrlParts">Parts given as URLs, in the whole request.</param>
/// <param name="MaxImageParts">Images after the last assistant item of the request; earlier ones were checked in their own turn.</param>
/// <param name="MaxFileParts">Files likewise.</param>
public sealed record InputRules(
    string Section, FilesSection Files, ImagesSection Images, int MaxUrlParts, int MaxImageParts, int MaxFileParts)
{
    private const string Endpoints = "gateway.http.endpoints.";

    /// <summary>Decoded bytes of all images of the request together; null is no limit of its own.</summary>
    public long? MaxTotalImageBytes { get; init; }

    public static InputRules ForResponses(EndpointsSection endpoints) => new(
        Endpoints + "responses", endpoints.Responses.Files, endpoints.Responses.Images, endpoints.Responses.MaxUrlParts,
        endpoints.Responses.MaxImageParts, endpoints.Responses.MaxFileParts);

    /// <summary>Files have the limits of Responses: the configuration has none for chat completions.</summary>
    public static InputRules ForChat(EndpointsSection endpoints) => new(
        Endpoints + "chatCompletions", endpoints.Responses.Files, endpoints.ChatCompletions.Images, endpoints.ChatCompletions.MaxImageParts,
        endpoints.ChatCompletions.MaxImageParts, endpoints.ChatCompletions.MaxFileParts)
    {
        MaxTotalImageBytes = endpoints.ChatCompletions.MaxTotalImageBytes,
    };
}
