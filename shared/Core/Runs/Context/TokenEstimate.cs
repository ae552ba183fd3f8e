using OpenClaw.Sessions;

namespace OpenClaw.Runs.Context;

/// <summary>Estimates the tokens of a conversation without a tokenizer: four characters a token.</summary>
public static class TokenEstimate
{
    public const int CharsPerToken = 4;

    /// <summary>Tokens of an image at least; providers count by its size.</summary>
    internal const int TokensPerImage = 85;

    /// <param name="otherChars">Characters beside the items, such as instructions and tools.</param>
    public static long Of(IEnumerable<ConversationItem> items, long otherChars = 0)
    {
        var (chars, images) = (otherChars, 0);
        foreach (var item in items)
        {
            var parts = item switch
            {
                MessageItem message => message.Content,
                FunctionCallOutputItem output => output.Output,
                FunctionCallItem call => [new TextPart(call.Name + call.Arguments)],
                CompactionItem compaction => [new TextPart(Compaction.Describe(compaction))],
                _ => [],
            };
            chars += parts.OfType<TextPart>().Sum(p => (long)p.Text.Length);
            chars += parts.OfType<FilePart>().Sum(p => p.Label.Length + (p.Source?.Length ?? 0L));
            images += parts.OfType<ImagePart>().Count();
        }

        return ((chars + CharsPerToken - 1) / CharsPerToken) + (images * TokensPerImage);
    }
}
