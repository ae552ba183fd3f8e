using OpenClaw.Errors;
using OpenClaw.Media;
using OpenClaw.Sessions;

namespace OpenClaw.Runs.Input;

/// <summary>Checks files and images before anything is fetched or decoded: how many, from where, how large.</summary>
public static class InputCheck
{
    /// <param name="param">What the caller calls its input.</param>
    /// <exception cref="GatewayException"><c>400</c>, <c>413</c>, naming the part and the limit.</exception>
    public static void Check(IReadOnlyList<ConversationItem> input, InputRules rules, string param)
    {
        var parts = input.SelectMany(PartsOf).ToList();
        if (!parts.Exists(p => p is ImagePart or FilePart))
        {
            return;
        }

        var latest = input.Skip(LastAnswer(input) + 1).SelectMany(PartsOf).ToList();
        CheckCount(latest.Count(p => p is ImagePart), rules.MaxImageParts, "images in one turn", $"{rules.Section}.maxImageParts", param);
        CheckCount(latest.Count(p => p is FilePart), rules.MaxFileParts, "files in one turn", $"{rules.Section}.maxFileParts", param);
        CheckCount(parts.Count(p => IsUrl(SourceOf(p))), rules.MaxUrlParts, "parts given as URLs", $"{rules.Section}.maxUrlParts", param);
        var imageBytes = 0L;
        foreach (var part in parts)
        {
            switch (part)
            {
                case ImagePart image:
                    imageBytes += Check(image.Url, image.Param
                        ?? param, rules.Images.AllowUrl, rules.Images.MaxBytes, $"{rules.Section}.images");
                    break;
                case FilePart { Source: { } source } file:
                    Check(source, file.Param
                        ?? param, rules.Files.AllowUrl, rules.Files.MaxBytes, "gateway.http.endpoints.responses.files");
                    break;
            }
        }

        if (rules.MaxTotalImageBytes is { } most && imageBytes > most)
        {
            throw new GatewayException(GatewayError.MediaRefused(
                param, MediaException.TooLarge,
                    $"The images hold {imageBytes} bytes together; at most {most} are taken ({rules.Section}.maxTotalImageBytes)."));
        }
    }

    internal static IEnumerable<ConversationPart> PartsOf(ConversationItem item) => item switch
    {
        MessageItem message => message.Content,
        FunctionCallOutputItem output => output.Output,
        _ => [],
    };

    internal static bool IsUrl(string? source) =>
        source is not null && !DataUrl.IsOne(source) && !source.StartsWith(ImagePart.StoredMedia, StringComparison.Ordinal);

    private static string? SourceOf(ConversationPart part) => part is ImagePart image ? image.Url : (part as FilePart)?.Source;

    private static int LastAnswer(IReadOnlyList<ConversationItem> input)
    {
        var at = input.Count - 1;
        while (at >= 0 && input[at] is not (MessageItem { Role: "assistant" } or FunctionCallItem or ReasoningItem))
        {
            at--;
        }

        return at;
    }

    private static void CheckCount(int count, int most, string what, string key, string param)
    {
        if (count > most)
        {
            throw new GatewayException(GatewayError.InvalidValue(param, $"at most {most} {what} ({key}), not {count}."));
        }
    }

    /// <returns>The most bytes that it decodes to; 0 for content that must still be fetched.</returns>
    private static long Check(string source, string param, bool allowUrl, long maxBytes, string key)
    {
        if (IsUrl(source))
        {
            return allowUrl
                ? 0
                : throw new GatewayException(
                    GatewayError.InvalidValue(param, $"URLs are switched off here ({key}.allowUrl); send the content itself."));
        }

        if (DataUrl.Parse(source) is not { } data)
        {
            return 0;
        }

        return data.MaxLength > maxBytes
            ? throw new GatewayException(GatewayError.MediaRefused(
                param, MediaException.TooLarge, $"'{param}' holds {data.MaxLength} bytes; at most {maxBytes} are taken ({key}.maxBytes)."))
            : data.MaxLength;
    }
}
