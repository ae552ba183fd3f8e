using System.Buffers.Text;
using System.Text;
using OpenClaw.Errors;
using OpenClaw.Sessions;
using OpenClaw.Text;

namespace OpenClaw.Runs.Context;

/// <summary>The summary of a conversation as an item. Its content is opaque to callers but not secret: it holds only what the
/// conversation held.</summary>
public static class Compaction
{
    /// <summary>The instruction to the model that writes the summary.</summary>
    public const string Instruction =
        "Write a summary of the conversation so far for yourself, so that you can go on without it: facts, names, numbers, decisions, "
        + "open questions and what the user wants. Answer with the summary alone.";

    private const string Prefix = "oc1.";

    public static CompactionItem Create(string summary) =>
        new(Prefix + Base64Url.EncodeToString(Encoding.UTF8.GetBytes(summary))) { Id = RandomId.Create("cmp_") };

    /// <summary>The text that stands for the earlier conversation in a prompt.</summary>
    /// <exception cref="GatewayException"><c>400 invalid_compaction</c>: not made by this gateway.</exception>
    public static string Describe(CompactionItem item)
    {
        if (item.EncryptedContent.StartsWith(Prefix, StringComparison.Ordinal)
            && Base64Url.IsValid(item.EncryptedContent.AsSpan(Prefix.Length)))
        {
            return "Summary of the conversation so far:\n" + Encoding.UTF8.GetString(
                Base64Url.DecodeFromChars(item.EncryptedContent.AsSpan(Prefix.Length)));
        }

        throw new GatewayException(GatewayError.InvalidRequest(
            "The compaction item was not made by this gateway.", "input", ErrorCode.InvalidCompaction));
    }
}
