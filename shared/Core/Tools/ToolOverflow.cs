using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging;
using OpenClaw.Errors;
using OpenClaw.Media.Files;
using OpenClaw.Sessions;

namespace OpenClaw.Tools;

/// <summary>Keeps large results from models: the model gets the beginning, the media store the whole text.</summary>
public sealed partial class ToolOverflow(MediaStore media, ILogger<ToolOverflow> logger)
{
    private const int MostImages = 8;

    private const int MostImageChars = 14_000_000; // 10 MiB as base64

    /// <summary>The result as a model takes it.</summary>
    /// <param name="most">UTF-16 units of text.</param>
    public async Task<ToolResult> FitAsync(ToolResult result, ITool tool, ToolCall call, int most, CancellationToken cancellationToken)
    {
        var images = result.Parts.OfType<ImagePart>().ToList();
        if (images.Count > MostImages || images.Sum(image => (long)image.Url.Length) > MostImageChars)
        {
            var kept = new List<ConversationPart>(result.Parts.Where(part => part is not ImagePart));
            result = result with { Parts = [.. kept, new TextPart($"[{images.Count} images are left out: they are too large.]")] };
        }

        var texts = result.Parts.OfType<TextPart>().ToList();
        var chars = texts.Sum(part => (long)part.Text.Length);
        if (chars <= most)
        {
            return result;
        }

        var whole = string.Join('\n', texts.Select(part => part.Text));
        var end = char.IsHighSurrogate(whole[most - 1]) ? most - 1 : most;
        var where = await StoreAsync(whole, tool, call, cancellationToken);
        var note = string.Create(
            CultureInfo.InvariantCulture, $"\n[The result has {whole.Length} characters; this is the beginning. {where}]");
        return result with { Parts = [new TextPart(whole[..end] + note), .. result.Parts.Where(part => part is not TextPart)] };
    }

    private async Task<string> StoreAsync(string whole, ITool tool, ToolCall call, CancellationToken cancellationToken)
    {
        try
        {
            var item = await media.SaveAsync(
                call.Context.Caller.Subject, Encoding.UTF8.GetBytes(whole), "text/plain", tool.Name + ".txt", ttl: null, cancellationToken);
            return $"The whole is the file {item.Id}.";
        }
        catch (GatewayException failure)
        {
            LogNotStored(tool.Name, failure.Error.Code);
            return "The rest could not be stored.";
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A large result of tool {Tool} could not be stored: {Code}")]
    private partial void LogNotStored(string tool, string code);
}
