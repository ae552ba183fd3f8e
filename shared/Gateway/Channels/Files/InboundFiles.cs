using System.Globalization;
using Microsoft.Extensions.Logging;
using OpenClaw.Configuration;
using OpenClaw.Errors;
using OpenClaw.Gateway.Channels.Inbound;
using OpenClaw.Media.Files;
using OpenClaw.Security;
using OpenClaw.Sessions;

namespace OpenClaw.Gateway.Channels.Files;

/// <summary>Loads the files of a message into the media store. Neither the platform's address nor its token goes any further.</summary>
public sealed partial class InboundFiles(MediaStore media, GatewayConfigStore config, ILogger<InboundFiles> logger)
{
    /// <summary>Files of one message that are loaded.</summary>
    private const int MostFiles = 10;

    public async Task<LoadedFiles> LoadAsync(
        Channel channel, ChannelAccount account, IReadOnlyList<InboundFile> files, CancellationToken cancellationToken)
    {
        var loaded = new LoadedFiles([], [], []);
        foreach (var file in files.Take(MostFiles))
        {
            await LoadAsync(channel, account, file, loaded, cancellationToken);
        }

        if (files.Count > MostFiles)
        {
            loaded.Problems.Add($"I looked at the first {MostFiles} files only.");
        }

        return loaded;
    }

    private async Task LoadAsync(
        Channel channel, ChannelAccount account, InboundFile file, LoadedFiles loaded, CancellationToken cancellationToken)
    {
        var name = UntrustedText.Line(file.Name ?? (file.IsImage ? "picture" : "file"));
        try
        {
            var most = account.Section.MediaMaxMb * 1_048_576L;
            var content = file.Bytes > most ? null : await channel.DownloadAsync(account, file, cancellationToken);
            if (file.Bytes > most || content?.Bytes.Length > most)
            {
                loaded.Problems.Add($"I could not take the file {name}: it is larger than {account.Section.MediaMaxMb} MB.");
                return;
            }

            if (content is null)
            {
                loaded.Problems.Add($"I could not load the file {name}.");
                return;
            }

            Add(await SaveAsync(channel, file, content, cancellationToken), loaded);
        }
        catch (GatewayException refused) when (refused.Error.Status < 500)
        {
            loaded.Problems.Add($"I could not take the file {name}: {refused.Error.Message}");
        }
        catch (Exception failure) when (failure is not (GatewayException or OperationCanceledException))
        {
            LogNotLoaded(channel.Id, failure.GetType().Name);
            loaded.Problems.Add($"I could not load the file {name}.");
        }
    }

    /// <summary>A type that does not fit the content is left to the content.</summary>
    private async Task<MediaItem> SaveAsync(
        Channel channel, InboundFile file, InboundContent content, CancellationToken cancellationToken)
    {
        var (owner, type, name) = (Caller.OfChannel(channel.Id).Subject, file.MediaType ?? content.MediaType, file.Name ?? content.Name);
        try
        {
            return await media.SaveAsync(owner, content.Bytes, type, name, ttl: null, cancellationToken);
        }
        catch (GatewayException mismatch) when (mismatch.Error.Code == ErrorCode.MediaTypeMismatch)
        {
            return await media.SaveAsync(owner, content.Bytes, null, name, ttl: null, cancellationToken);
        }
    }

    /// <summary>What the agent can read is a part of the message; of all else it is told.</summary>
    private void Add(MediaItem item, LoadedFiles loaded)
    {
        var limits = config.Current.Gateway.Http.Endpoints.Responses;
        if (limits.Images.AllowedMimes.Contains(item.ContentType, StringComparer.OrdinalIgnoreCase) && item.Bytes <= limits.Images.MaxBytes)
        {
            loaded.Parts.Add(new ImagePart(ImagePart.StoredMedia + item.Id) { Param = "message" });
        }
        else if (limits.Files.AllowedMimes.Contains(item.ContentType, StringComparer.OrdinalIgnoreCase)
            && item.Bytes <= limits.Files.MaxBytes)
        {
            loaded.Parts.Add(new FilePart(item.FileName) { Source = ImagePart.StoredMedia + item.Id });
        }
        else
        {
            loaded.Notes.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"[file: {item.FileName}, {item.ContentType}, {item.Bytes} bytes, kept as /media/{item.Id}; not shown here]"));
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A file of a message on {Channel} could not be loaded: {Failure}")]
    private partial void LogNotLoaded(string channel, string failure);
}

/// <param name="Parts">For the agent to read.</param>
/// <param name="Notes">Lines for the agent about files that it cannot read.</param>
/// <param name="Problems">Sentences for the person about files that were not taken.</param>
public sealed record LoadedFiles(List<ConversationPart> Parts, List<string> Notes, List<string> Problems);
