using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Azure;
using Azure.Storage;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using OpenClaw.Configuration;
using OpenClaw.Storage;
using OpenClaw.Storage.Tables;

namespace OpenClaw.Tests.Support.Gateways;

/// <summary>Short words for what tests do with stored files.</summary>
internal static class MediaGateway
{
    private static readonly StorageSharedKeyCredential EmulatorKey =
        new("devstoreaccount1", "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==");

    /// <summary>Signature and header chunk of a PNG; as far as anybody here looks.</summary>
    public static byte[] Png { get; } =
        [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52, 0, 0, 0, 1, 0, 0, 0, 1, 8, 6, 0, 0, 0, 0x1f,
            0x15, 0xc4, 0x89];

    public static Task<GatewayHost> StartAsync(
        StorageAccount storage, TimeProvider? clock = null, Action<GatewayConfig>? configure = null, string? prefix = null) =>
            GatewayHost.StartAsync(
            storage,
            c =>
            {
                c.Storage.Prefix = prefix ?? c.Storage.Prefix;
                configure?.Invoke(c);
            },
            s => s.AddSingleton(clock ?? TimeProvider.System));

    public static FakeTimeProvider Clock() => new(new DateTimeOffset(2030, 1, 1, 0, 30, 0, TimeSpan.Zero));

    public static byte[] Bytes(int count, int seed = 5)
    {
        var bytes = new byte[count];
        new Random(seed).NextBytes(bytes);
        Png.AsSpan(0, Math.Min(Png.Length, count)).CopyTo(bytes);
        return bytes;
    }

    public static HttpRequestMessage Raw(
        byte[] content, string? type = "image/png", string path = "/api/v1/media", string? disposition = null, bool chunked = false,
            string? bearer = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(content) };
        request.Headers.TransferEncodingChunked = chunked;
        if (type is not null)
        {
            request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        }

        if (disposition is not null)
        {
            request.Content.Headers.TryAddWithoutValidation("Content-Disposition", disposition);
        }

        if (bearer is not null)
        {
            request.Use(bearer);
        }

        return request;
    }

    /// <param name="parts">Whole parts: header lines, an empty line, content.</param>
    public static HttpRequestMessage Form(string path, params (string Headers, byte[] Content)[] parts)
    {
        using var body = new MemoryStream();
        foreach (var (headers, content) in parts)
        {
            body.Write(Encoding.UTF8.GetBytes($"--bound\r\n{headers}\r\n\r\n"));
            body.Write(content);
            body.Write("\r\n"u8);
        }

        body.Write("--bound--\r\n"u8);
        var request = Raw(body.ToArray(), type: null, path);
        request.Content!.Headers.ContentType = MediaTypeHeaderValue.Parse("multipart/form-data; boundary=bound");
        return request;
    }

    public static (string Headers, byte[] Content) FilePart(byte[] content, string name = "a.png", string type = "image/png") =>
        ($"Content-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: {type}", content);

    public static (string Headers, byte[] Content) Field(string name, string value) =>
        ($"Content-Disposition: form-data; name=\"{name}\"", Encoding.UTF8.GetBytes(value));

    public static async Task<JsonElement> UploadAsync(this GatewayHost gateway, HttpRequestMessage request)
    {
        using (request)
        {
            using var answer = await gateway.Client.SendAsync(request);
            return await answer.ReadDataAsync();
        }
    }

    public static Task<JsonElement> UploadAsync(
        this GatewayHost gateway, byte[]? content = null, string? bearer = null, string query = "") =>
        gateway.UploadAsync(Raw(content ?? Png, path: "/api/v1/media" + query, bearer: bearer));

    public static string Text(this JsonElement json, string name) => json.GetProperty(name).GetString()!;

    /// <summary>Without credentials.</summary>
    public static async Task<HttpResponseMessage> GetOpenlyAsync(this GatewayHost gateway, string path)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri(gateway.Url) };
        return await client.GetAsync(path);
    }

    /// <summary>Rows of the table, as partition and key, and names of the blobs.</summary>
    public static async Task<(List<string> Rows, List<string> Blobs)> StoredAsync(this GatewayHost gateway)
    {
        var storage = gateway.Services.GetRequiredService<GatewayStorage>();
        var rows = new List<string>();
        await foreach (var row in storage.Table("media").QueryAsync(new TableQuery(), CancellationToken.None))
        {
            rows.Add($"{row.PartitionKey}|{row.RowKey}");
        }

        var blobs = new List<string>();
        var container = new BlobUriBuilder(storage.Endpoints!.Blob) { BlobContainerName = $"{gateway.Prefix}-media" }.ToUri();
        var client = new BlobContainerClient(container, EmulatorKey, new BlobClientOptions(BlobClientOptions.ServiceVersion.V2021_12_02));
        try
        {
            await foreach (var blob in client.GetBlobsAsync())
            {
                blobs.Add(blob.Name);
            }
        }
        catch (RequestFailedException missing) when (missing.ErrorCode == BlobErrorCode.ContainerNotFound)
        {
            // Nothing was uploaded yet.
        }

        return (rows, blobs);
    }
}
