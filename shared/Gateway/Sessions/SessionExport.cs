using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using OpenClaw.Gateway.Wire;
using OpenClaw.Sessions;

namespace OpenClaw.Gateway.Sessions;

/// <summary>Writes a transcript as JSON lines, 200 sequence numbers at a time, so that a long session takes little memory.</summary>
public sealed class SessionExport(FoundSession session, Transcript transcript, long from) : IResult
{
    private const int Stretch = 200;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var (response, aborted, head) = (httpContext.Response, httpContext.RequestAborted, session.Head);
        response.ContentType = "application/x-ndjson";
        response.Headers.ContentDisposition = "attachment; filename=\"session.jsonl\"";
        if (HttpMethods.IsHead(httpContext.Request.Method))
        {
            return;
        }

        var line = new ArrayBufferWriter<byte>(1024);
        await using var json = new Utf8JsonWriter(line, JsonOutput.WriterOptions);
        JsonSerializer.Serialize(
            json, new ExportHeader(
                "session", 1, session.Id, session.Key.Key, session.Key.Agent, head.Title, head.CreatedAt, head.UpdatedAt),
                SessionsJson.Default.ExportHeader);
        await EndLineAsync();
        for (var at = from; at < head.NextSeq; at += Stretch)
        {
            foreach (var stored in await transcript.ReadEntriesAsync(
                session.Key.Partition, at, Math.Min(at + Stretch, head.NextSeq), aborted))
            {
                JsonSerializer.Serialize(json, stored.Item, SessionJson.Compact.ConversationItem);
                await EndLineAsync();
            }
        }

        async Task EndLineAsync()
        {
            await json.FlushAsync(aborted);
            line.Write("\n"u8);
            await response.BodyWriter.WriteAsync(line.WrittenMemory, aborted);
            line.ResetWrittenCount();
            json.Reset();
        }
    }
}
