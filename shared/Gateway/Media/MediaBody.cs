using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using OpenClaw.Configuration;
using OpenClaw.Errors;
using OpenClaw.Gateway.Pipeline;
using OpenClaw.Gateway.Wire;
using OpenClaw.Media.Files;
using OpenClaw.Text;

namespace OpenClaw.Gateway.Media;

/// <summary>Reads an upload into the media store as it arrives: the body as it is, or the one <c>file</c> of a form.</summary>
public sealed class MediaBody(MediaStore store, GatewayConfigStore config, TimeProvider time)
{
    private const string FilePart = "file";

    /// <summary>The most bytes of a form beside its file.</summary>
    private const int MaxFormBytes = 64 * 1024;

    private const int MaxFields = 16;

    private const int MaxFieldBytes = 4096;

    private const int MaxBoundary = 70; // RFC 2046, 5.1.1

    /// <summary>How long a file may take to arrive.</summary>
    private static readonly TimeSpan ReadTime = TimeSpan.FromMinutes(10);

    /// <param name="readTerms">Reads the fields of the form, which are complete only after the file; empty for a body without one.</param>
    /// <exception cref="GatewayException"><c>400</c>, <c>408</c>, <c>413</c>, <c>415</c>; see
    /// <see cref="MediaStore.ReceiveAsync"/>.</exception>
    public async Task<MediaItem> ReceiveAsync(
        HttpRequest request, Func<IReadOnlyDictionary<string, string>, MediaTerms> readTerms, CancellationToken cancellationToken)
    {
        var form = MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            && type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase) ? type : null;
        CheckHeaders(request, form is not null);
        UnreadBody.Expect(request.HttpContext, config.Current.Gateway.Http.Media.MaxBytes + MaxFormBytes);
        using var late = new CancellationTokenSource(ReadTime, time);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
        try
        {
            var item = form is null
                ? await ReceiveRawAsync(request, readTerms(new Dictionary<string, string>()), deadline.Token)
                : await ReceiveFormAsync(request, form, readTerms, deadline.Token);
            UnreadBody.End(request.HttpContext);
            return item;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new GatewayException(GatewayError.BodyTimeout());
        }
    }

    /// <summary>Checks the headers before a byte of the body is read.</summary>
    private void CheckHeaders(HttpRequest request, bool isForm)
    {
        var most = config.Current.Gateway.Http.Media.MaxBytes;
        if (request.Headers.ContentEncoding.Count > 0)
        {
            throw new GatewayException(GatewayError.UnsupportedMediaType("Send the file as it is, without 'Content-Encoding'."));
        }

        if (request.ContentLength > (isForm ? most + MaxFormBytes : most))
        {
            throw new GatewayException(GatewayError.BodyTooLarge(most));
        }

        request.BodyLease().Hold(Math.Min(request.ContentLength ?? MediaStore.MostBytesHeld, MediaStore.MostBytesHeld));
    }

    private async Task<MediaItem> ReceiveRawAsync(HttpRequest request, MediaTerms terms, CancellationToken cancellationToken)
    {
        var source = SourceOf(request, request.ContentType, NameOf(request.Headers.ContentDisposition), terms.Ttl) with
        {
            Length = request.ContentLength,
            IsExact = request.ContentLength is not null,
        };
        await using var upload = await store.ReceiveAsync(source, request.BodyStream(), cancellationToken);
        return await upload.CommitAsync(terms.Ttl, terms.Purpose, cancellationToken);
    }

    private async Task<MediaItem> ReceiveFormAsync(
        HttpRequest request, MediaTypeHeaderValue form, Func<IReadOnlyDictionary<string, string>, MediaTerms> readTerms,
            CancellationToken cancellationToken)
    {
        var boundary = HeaderUtilities.RemoveQuotes(form.Boundary).Value;
        if (string.IsNullOrWhiteSpace(boundary) || boundary.Length > MaxBoundary)
        {
            throw Malformed();
        }

        var reader = new MultipartReader(boundary, request.BodyStream())
        {
            HeadersLengthLimit = MaxFormBytes / 4,
            HeadersCountLimit = MaxFields,
        };
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        MediaUpload? upload = null;
        try
        {
            for (var parts = 0; await NextAsync(reader, cancellationToken) is { } part; parts++)
            {
                if (parts == MaxFields || !ContentDispositionHeaderValue.TryParse(part.ContentDisposition, out var disposition))
                {
                    throw Malformed();
                }

                var name = HeaderUtilities.RemoveQuotes(disposition.Name).Value ?? "";
                if (name != FilePart)
                {
                    if (!fields.TryAdd(name, await ReadFieldAsync(part, cancellationToken)))
                    {
                        throw new GatewayException(GatewayError.DuplicateField(name));
                    }

                    continue;
                }

                if (upload is not null)
                {
                    throw new GatewayException(GatewayError.InvalidRequest("Send one file at a time.", FilePart));
                }

                var longest = TimeSpan.FromSeconds(config.Current.Gateway.Http.Media.MaxTtlSeconds);
                var source = SourceOf(
                    request, part.ContentType, NameOf(part.ContentDisposition), longest) with
                { Length = request.ContentLength };
                upload = await store.ReceiveAsync(source, new FormPart(part.Body), cancellationToken);
            }

            var terms = readTerms(fields);
            return upload is null
                ? throw new GatewayException(GatewayError.MissingField(FilePart))
                : await upload.CommitAsync(terms.Ttl, terms.Purpose, cancellationToken);
        }
        finally
        {
            if (upload is not null)
            {
                await upload.DisposeAsync();
            }
        }
    }

    private static MediaSource SourceOf(HttpRequest request, string? type, string? name, TimeSpan longest) =>
        new(request.RequireCaller().Subject, type, PageQuery.ReadText(request.Query, "filename") is { } asked ? asked : name, longest);

    /// <summary>The file name of a <c>Content-Disposition</c>; the UTF-8 form wins.</summary>
    private static string? NameOf(string? disposition) =>
        ContentDispositionHeaderValue.TryParse(disposition, out var parsed)
            ? parsed.FileNameStar.Value ?? HeaderUtilities.RemoveQuotes(parsed.FileName).Value : null;

    private static async Task<MultipartSection?> NextAsync(MultipartReader reader, CancellationToken cancellationToken)
    {
        try
        {
            return await reader.ReadNextSectionAsync(cancellationToken);
        }
        catch (Exception failure) when (failure is InvalidDataException or IOException and not BadHttpRequestException)
        {
            throw Malformed(failure);
        }
    }

    private static async Task<string> ReadFieldAsync(MultipartSection part, CancellationToken cancellationToken)
    {
        var bytes = new byte[MaxFieldBytes + 1];
        var read = await new FormPart(part.Body).ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken);
        return read > MaxFieldBytes ? throw Malformed() : Encoding.UTF8.GetString(bytes, 0, read);
    }

    private static GatewayException Malformed(Exception? failure = null) =>
        new(GatewayError.InvalidRequest(
            "The form is malformed: send 'multipart/form-data' with one part named 'file'.", FilePart, ErrorCode.InvalidMultipart),
            failure);

    /// <summary>A part of the form. Its read errors are the sender's fault, unlike those of storage.</summary>
    private sealed class FormPart(Stream body) : ReadStream
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            try
            {
                return await body.ReadAsync(buffer, cancellationToken);
            }
            catch (Exception failure) when (failure is InvalidDataException or IOException and not BadHttpRequestException)
            {
                throw Malformed(failure);
            }
        }
    }
}
