using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Net.Http.Headers;
using OpenClaw.Errors;
using OpenClaw.Security.Limits;
using OpenClaw.Text;

namespace OpenClaw.Gateway.Wire;

/// <summary>Reads a JSON request body under limits of size, time and depth, and names the field at fault.</summary>
public static class JsonBody
{
    /// <summary>How long a body may take to arrive.</summary>
    private static readonly TimeSpan ReadTime = TimeSpan.FromSeconds(30);

    /// <param name="limit">Bytes.</param>
    /// <exception cref="GatewayException"><c>415</c>, <c>413</c>, <c>408</c>, <c>503 too_many_bytes_in_flight</c>, <c>400
    /// invalid_json</c>, <c>400 invalid_type</c>.</exception>
    public static async Task<T> ReadJsonAsync<T>(
        this HttpRequest request, JsonTypeInfo<T> type, long limit, CancellationToken cancellationToken)
        where T : class
    {
        CheckHeaders(request, limit);
        UnreadBody.Expect(request.HttpContext, limit);
        var lease = request.BodyLease();
        lease.Hold(request.ContentLength ?? 0);
        var coding = request.Headers.ContentEncoding.Count > 0 ? request.Headers.ContentEncoding.ToString() : null;
        var reader = coding is null ? request.BodyReader : Decode(request, coding);
        using var late = new CancellationTokenSource(ReadTime, request.HttpContext.RequestServices.GetRequiredService<TimeProvider>());
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
        try
        {
            var body = await ReadAsync(reader, limit, lease, deadline.Token);
            UnreadBody.End(request.HttpContext);
            try
            {
                request.HttpContext.Features.Get<BodyDigest>()?.Take(body.Buffer);
                return Parse(body.Buffer, type);
            }
            finally
            {
                reader.AdvanceTo(body.Buffer.End);
            }
        }
        catch (Exception failure) when (coding is not null && ContentCoding.IsMalformed(failure))
        {
            throw new GatewayException(GatewayError.InvalidJson($"The request body is not valid '{coding}' data."), failure);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new GatewayException(GatewayError.BodyTimeout());
        }
        catch (BadHttpRequestException failure) when (failure.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            throw new GatewayException(GatewayError.BodyTooLarge(limit), failure);
        }
        finally
        {
            if (coding is not null)
            {
                await reader.CompleteAsync();
            }
        }
    }

    /// <summary>The limit of a body holds for its decoded bytes too, so that a small body cannot become a large one.</summary>
    private static PipeReader Decode(HttpRequest request, string coding)
    {
        if (ContentCoding.Decode(request.BodyStream(), coding.Split(',')) is { } decoded)
        {
            return PipeReader.Create(decoded);
        }

        request.HttpContext.Response.Headers.AcceptEncoding = ContentCoding.Accepted;
        throw new GatewayException(GatewayError.UnsupportedMediaType(
            $"Compress the body with one of {ContentCoding.Accepted}, once, or send it as it is."));
    }

    /// <summary>What the request holds of the memory for bodies. It is opened when the caller is known: nothing reads a body before
    /// that.</summary>
    public static BodyLease BodyLease(this HttpRequest request) =>
        request.HttpContext.Features.Get<BodyLease>() ?? throw new InvalidOperationException("The route has no authenticated caller.");

    private static void CheckHeaders(HttpRequest request, long limit)
    {
        if (!IsJson(request.ContentType))
        {
            throw new GatewayException(GatewayError.UnsupportedMediaType());
        }

        if (request.ContentLength > limit)
        {
            throw new GatewayException(GatewayError.BodyTooLarge(limit));
        }
    }

    /// <summary>JSON in UTF-8. A missing header is accepted: some clients never send one.</summary>
    private static bool IsJson(string? contentType) => string.IsNullOrEmpty(contentType) || IsNamedJson(contentType);

    /// <summary>Whether the header is there and says JSON.</summary>
    internal static bool IsNamedJson(string? contentType)
    {
        if (string.IsNullOrEmpty(contentType) || contentType.Equals("application/json", StringComparison.OrdinalIgnoreCase))
        {
            return contentType?.Length > 0;
        }

        return MediaTypeHeaderValue.TryParse(contentType, out var media)
            && (media.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
                || media.Suffix.Equals("json", StringComparison.OrdinalIgnoreCase))
            && (!media.Charset.HasValue || media.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase)
                || media.Charset.Equals("\"utf-8\"", StringComparison.OrdinalIgnoreCase));
    }

    private static async ValueTask<ReadResult> ReadAsync(
        PipeReader reader, long limit, BodyLease lease, CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = await reader.ReadBodyAsync(cancellationToken);
            if (read.Buffer.Length > limit)
            {
                reader.AdvanceTo(read.Buffer.End); // or the server could not tell what is left
                throw new GatewayException(GatewayError.BodyTooLarge(limit));
            }

            lease.Hold(read.Buffer.Length);
            if (read.IsCompleted)
            {
                return read;
            }

            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    private static T Parse<T>(ReadOnlySequence<byte> body, JsonTypeInfo<T> type)
        where T : class
    {
        if (body.IsSingleSegment)
        {
            return Parse(body.FirstSpan, type);
        }

        var length = (int)body.Length;
        var rented = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            body.CopyTo(rented);
            return Parse(rented.AsSpan(0, length), type);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    /// <exception cref="GatewayException"><c>400 invalid_json</c>, <c>400 invalid_type</c>.</exception>
    public static T Parse<T>(ReadOnlySpan<byte> body, JsonTypeInfo<T> type)
        where T : class
    {
        if (body.StartsWith(Encoding.UTF8.Preamble))
        {
            body = body[Encoding.UTF8.Preamble.Length..];
        }

        if (body.IsEmpty)
        {
            throw new GatewayException(GatewayError.InvalidJson("The request body is empty; send a JSON object."));
        }

        JsonTextCheck.ThrowIfForbidden(body);
        try
        {
            return JsonSerializer.Deserialize(body, type)
                ?? throw new GatewayException(GatewayError.InvalidJson("The request body must be a JSON object."));
        }
        catch (JsonException failure)
        {
            throw new GatewayException(Describe(failure), failure);
        }
    }

    private static GatewayError Describe(JsonException failure)
    {
        var param = JsonTextCheck.ToParam(failure.Path);
        if (failure.InnerException is JsonException syntax)
        {
            // Reader errors are wrapped; their position is in bytes, counted from zero.
            return GatewayError.InvalidJson(
                $"The request body is not valid JSON (line {syntax.LineNumber + 1}, byte {syntax.BytePositionInLine + 1}).");
        }

        if (failure is WireException wire)
        {
            return GatewayError.InvalidType(param ?? "body", wire.Expected);
        }

        return failure.Message.Contains("duplicate", StringComparison.OrdinalIgnoreCase)
            ? GatewayError.InvalidRequest($"The key '{param}' appears twice.", param, ErrorCode.DuplicateKey)
            : GatewayError.InvalidRequest($"Invalid type for '{param ?? "body"}'.", param, ErrorCode.InvalidType);
    }
}
