using System.Text;
using OpenClaw.Sessions;

namespace OpenClaw.Runs.Context;

/// <summary>A conversation as plain text, for a model that summarises it. It is one message, whatever roles and calls it holds.</summary>
public static class ConversationText
{
    /// <summary>The conversation in pieces of at most so many characters, or of one item.</summary>
    public static IEnumerable<string> Cut(IReadOnlyList<ConversationItem> items, int most)
    {
        var piece = new StringBuilder();
        foreach (var item in items)
        {
            var text = Write(item);
            if (piece.Length > 0 && piece.Length + text.Length > most)
            {
                yield return piece.ToString();
                piece.Clear();
            }

            piece.Append(text);
        }

        if (piece.Length > 0)
        {
            yield return piece.ToString();
        }
    }

    private static string Write(ConversationItem item) => item switch
    {
        MessageItem message => $"{message.Role}: {Text(message.Content)}\n",
        FunctionCallItem call => $"assistant calls {call.Name}({call.Arguments})\n",
        FunctionCallOutputItem output => $"result: {Text(output.Output)}\n",
        CompactionItem compaction => Compaction.Describe(compaction) + "\n",
        _ => "",
    };

    private static string Text(IReadOnlyList<ConversationPart> parts) => string.Concat(parts.Select(p => p switch
    {
        TextPart text => text.Text,
        RefusalPart refusal => refusal.Refusal,
        ImagePart => "[image]",
        _ => "",
    }));
}
