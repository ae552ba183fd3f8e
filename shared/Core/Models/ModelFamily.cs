namespace OpenClaw.Models;

/// <summary>The family of a model, by its id: <c>deepseek</c> of <c>deepseek-v3.2</c> and of <c>deepseek/deepseek-r1</c>.</summary>
internal static class ModelFamily
{
    public const string Claude = "claude";

    /// <summary>The letters that the id begins with, after the names of vendors before the last slash, in lower case.</summary>
    public static string Of(string modelId)
    {
        if (modelId.Contains("claude", StringComparison.OrdinalIgnoreCase))
        {
            return Claude; // Bedrock puts region and vendor before it: us.anthropic.claude-sonnet-4
        }

        var name = modelId[(modelId.LastIndexOf('/') + 1)..];
        var letters = 0;
        while (letters < name.Length && char.IsAsciiLetter(name[letters]))
        {
            letters++;
        }

#pragma warning disable CA1308 // ids are written in lower case
        return name[..letters].ToLowerInvariant();
#pragma warning restore CA1308
    }
}
