using OpenClaw.Configuration;
using OpenClaw.Errors;
using OpenClaw.Media;
using OpenClaw.Media.Documents;
using OpenClaw.Media.Files;
using OpenClaw.Media.Images;
using OpenClaw.Outbound;
using OpenClaw.Runs.Turns;
using OpenClaw.Security;
using OpenClaw.Sessions;
using OpenClaw.Text;

namespace OpenClaw.Runs.Input;

/// <summary>Reads the files and images of a request: fetches URLs, detects the type by the bytes, and converts the content to a form that
/// models take.</summary>
public sealed class InputMedia(GuardedFetcher fetcher, MediaStore store, ImageReader images, PdfReader pdfs)
{
    private const string PdfPages = "[PDF content rendered to images]";

    private const string Nothing = "[no text found]";

    private const string Cut = "\n[the rest of the file was left out]";

    /// <summary>Reads the parts of a turn's new input. Any of the turn's models may answer, so a PDF is passed on as it is only when all
    /// of them read PDFs.</summary>
    /// <returns>The input; with <see cref="PreparedInput.Failure"/>, and without what could not be read, when a part failed or the run was
    /// stopped.</returns>
    internal async Task<PreparedInput> ReadAsync(RunRequest request, RunTurn turn, RunStop stop)
    {
        if (request.Media is not { } rules)
        {
            return new PreparedInput(turn.Input, turn.Input, []);
        }

        try
        {
            var readsPdf = turn.Targets.All(t => t.Info?.Input.Contains("pdf", StringComparer.Ordinal) == true);
            return await PrepareAsync(turn.Input, rules, request.Caller, readsPdf, stop.Token);
        }
        catch (GatewayException failure)
        {
            return Unread(turn.Input) with { Failure = failure.Error };
        }
        catch (OperationCanceledException) when (stop.HasReason)
        {
            return Unread(turn.Input) with { Failure = stop.Why };
        }
    }

    /// <exception cref="GatewayException"><c>400</c>, <c>404 media_not_found</c>, <c>413</c>, naming the part.</exception>
    private async Task<PreparedInput> PrepareAsync(
        IReadOnlyList<ConversationItem> input, InputRules rules, Caller caller, bool readsPdf, CancellationToken cancellationToken)
    {
        var parts = input.SelectMany(InputCheck.PartsOf).Where(IsNew).ToList();
        if (parts.Count == 0)
        {
            return new PreparedInput(input, input, []);
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var loading = parts.ConvertAll(part => LoadAsync(part, rules, caller, stop.Token));
        var read = new Dictionary<ConversationPart, ReadPart>(ReferenceEqualityComparer.Instance);
        try
        {
            for (var i = 0; i < parts.Count; i++)
            {
                read[parts[i]] = await ReadAsync(parts[i], loading[i], rules, caller, readsPdf, cancellationToken);
            }
        }
        finally
        {
            await stop.CancelAsync();
            await Task.WhenAll((IEnumerable<Task>)loading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return new PreparedInput(
            Replace(input, part => read.TryGetValue(part, out var own) ? [own.Stored] : [part]),
            Replace(input, part => read.TryGetValue(part, out var own) ? own.Shown : [part]),
            [.. parts.Select(p => read[p].Attachment).OfType<string>()]);
    }

    /// <summary>The input without the parts that could not be read.</summary>
    private static PreparedInput Unread(IReadOnlyList<ConversationItem> input)
    {
        var left = Replace(input, part => [part switch
        {
            ImagePart { Param: not null } => new TextPart("[image]"),
            FilePart file => file with { Source = null },
            _ => part,
        }]);
        return new PreparedInput(left, left, []);
    }

    /// <summary>Whether a part must be read; parts of stored conversations have been read before.</summary>
    private static bool IsNew(ConversationPart part) => part is ImagePart { Param: not null } or FilePart { Source: not null };

    private async Task<Content> LoadAsync(ConversationPart part, InputRules rules, Caller caller, CancellationToken cancellationToken)
    {
        var (source, maxBytes) = part is ImagePart image ? (image.Url, rules.Images.MaxBytes)
            : (((FilePart)part).Source!, rules.Files.MaxBytes);
        if (DataUrl.Parse(source) is { } data)
        {
            return new Content(
                data.TryDecode() ?? throw new GatewayException(
                    GatewayError.InvalidValue(ParamOf(part), "the data is not valid base64.")), data.MediaType, data.Charset, null);
        }

        if (source.StartsWith(ImagePart.StoredMedia, StringComparison.Ordinal))
        {
            var id = source[ImagePart.StoredMedia.Length..];
            var (item, bytes) = await store.ReadAsync(id, caller, maxBytes, cancellationToken)
                ?? throw new GatewayException(GatewayError.MediaNotFound(id) with { Param = ParamOf(part) });
            return new Content(bytes, item.ContentType, null, item.FileName);
        }

        var fetched = await fetcher.GetAsync(source, part is ImagePart ? PolicyOf(rules.Images) : PolicyOf(rules.Files), cancellationToken);
        return new Content(fetched.Bytes, fetched.MediaType, fetched.Charset, fetched.FileName);
    }

    private async Task<ReadPart> ReadAsync(
        ConversationPart part, Task<Content> loading, InputRules rules, Caller caller, bool readsPdf, CancellationToken cancellationToken)
    {
        try
        {
            var content = await loading;
            return part is ImagePart image
                ? await ReadImageAsync(image, content, rules, caller, cancellationToken)
                : await ReadFileAsync((FilePart)part, content, rules.Files, caller, readsPdf, cancellationToken);
        }
        catch (MediaException busy) when (busy.Code == MediaException.Busy)
        {
            throw new GatewayException(GatewayError.MediaBusy(ParamOf(part), busy.Message, busy.RetryAfter), busy);
        }
        catch (MediaException refused)
        {
            throw new GatewayException(
                GatewayError.MediaRefused(ParamOf(part), refused.Code, $"'{ParamOf(part)}': {refused.Message}"), refused);
        }
        catch (FetchException failed)
        {
            throw new GatewayException(
                GatewayError.MediaRefused(ParamOf(part), CodeOf(failed.Failure), $"'{ParamOf(part)}': {failed.Message}"), failed);
        }
    }

    private async Task<ReadPart> ReadImageAsync(
        ImagePart part, Content content, InputRules rules, Caller caller, CancellationToken cancellationToken)
    {
        var type = FileTypes.Resolve(content.MediaType, content.Name, content.Bytes);
        var limits = new ImageLimits(rules.Images.AllowedMimes, rules.Images.MaxBytes)
        {
            MaxPixels = rules.Images.MaxPixels,
            MaxEdge = rules.Images.MaxEdge,
            KeepMetadata = rules.Images.KeepMetadata,
        };
        var prepared = FileTypes.IsImage(type)
            ? await images.PrepareAsync(content.Bytes, limits, caller.Subject, cancellationToken)
            : throw new MediaException(
                MediaException.UnsupportedType, $"This is {type}, not an image; taken are {string.Join(", ", rules.Images.AllowedMimes)}.");
        var image = new ImagePart(DataUrl.Create(prepared.MediaType, prepared.Bytes.Span), part.Detail);
        return new ReadPart(image, [image], null);
    }

    private async Task<ReadPart> ReadFileAsync(
        FilePart part, Content content, FilesSection rules, Caller caller, bool readsPdf, CancellationToken cancellationToken)
    {
        var name = part.Name ?? content.Name;
        name = name is null ? null : UntrustedText.Line(Path.GetFileName(name.Replace('\\', '/')));
        var type = FileTypes.Resolve(content.MediaType, name, content.Bytes);
        if (!rules.AllowedMimes.Contains(type, StringComparer.OrdinalIgnoreCase))
        {
            throw new MediaException(
                MediaException.UnsupportedType, $"Files of type {type} are not taken; taken are {string.Join(", ", rules.AllowedMimes)}.");
        }

        if (content.Bytes.Length > rules.MaxBytes)
        {
            throw new MediaException(
                MediaException.TooLarge, $"The file holds {content.Bytes.Length} bytes; at most {rules.MaxBytes} are taken.");
        }

        var stored = new FilePart(name, type);
        if (type != FileTypes.Pdf)
        {
            var text = TextDecoder.Decode(content.Bytes, content.Charset, type == FileTypes.Html);
            return new ReadPart(stored, [stored], Wrap(
                stored, type == FileTypes.Html ? HtmlText.Read(text, rules.MaxChars + 1) : text, isCut: false, rules.MaxChars));
        }

        if (readsPdf)
        {
            return new ReadPart(stored, [stored with { Source = DataUrl.Create(type, content.Bytes) }], null);
        }

        var limits = new PdfLimits(rules.Pdf.MaxPages, rules.Pdf.MaxPixels, rules.Pdf.MinTextChars, rules.MaxChars);
        var pdf = await pdfs.ReadAsync(content.Bytes, limits, caller.Subject, cancellationToken);
        var pages = pdf.Pages.Select(page => new ImagePart(DataUrl.Create("image/jpeg", page)));
        var words = pdf.Pages.Count > 0 ? $"{pdf.Text}\n{PdfPages}".TrimStart() : pdf.Text;
        return new ReadPart(stored, [stored, .. pages], Wrap(stored, words, pdf.IsTruncated, rules.MaxChars, pdf.Summary));
    }

    /// <param name="summary">What was done to get the text, for the model; null when there is nothing to say.</param>
    private static string Wrap(FilePart file, string text, bool isCut, int maxChars, string? summary = null)
    {
        var head = Utf16.Head(text, maxChars);
        var words = string.IsNullOrWhiteSpace(head) ? Nothing : head;
        return UntrustedText.Wrap(
            isCut || head.Length < text.Length ? words + Cut : words, ("File", file.Name), ("Type", file.MediaType), ("Read", summary));
    }

    private static FetchPolicy PolicyOf(FilesSection rules) =>
        Policy(rules.UrlAllowlist, rules.MaxRedirects, rules.TimeoutMs, rules.MaxBytes, rules.AllowedMimes);

    private static FetchPolicy PolicyOf(ImagesSection rules) =>
        Policy(rules.UrlAllowlist, rules.MaxRedirects, rules.TimeoutMs, rules.MaxBytes, rules.AllowedMimes);

    private static FetchPolicy Policy(
        IReadOnlyList<string> hosts, int redirects, int milliseconds, long bytes, IReadOnlyList<string> types) => new()
        {
            HostAllowlist = hosts,
            MaxRedirects = redirects,
            Timeout = TimeSpan.FromMilliseconds(milliseconds),
            MaxBytes = bytes,
            Accept = string.Join(", ", types),
        };

    private static string CodeOf(FetchFailure failure) => failure switch
    {
        FetchFailure.InvalidUrl => "url_not_allowed",
        FetchFailure.TooLarge => MediaException.TooLarge,
        _ => "url_fetch_failed",
    };

    private static string ParamOf(ConversationPart part) => (part is ImagePart image ? image.Param : (part as FilePart)?.Param) ?? "input";

    private static List<ConversationItem> Replace(
        IReadOnlyList<ConversationItem> items, Func<ConversationPart, IEnumerable<ConversationPart>> replace) =>
        [.. items.Select(item => item switch
        {
            MessageItem message => message with { Content = [.. message.Content.SelectMany(replace)] },
            FunctionCallOutputItem output => output with { Output = [.. output.Output.SelectMany(replace)] },
            _ => item,
        })];

    /// <param name="MediaType">As declared.</param>
    private sealed record Content(byte[] Bytes, string? MediaType, string? Charset, string? Name);

    private sealed record ReadPart(ConversationPart Stored, IReadOnlyList<ConversationPart> Shown, string? Attachment);
}
