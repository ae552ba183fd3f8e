namespace OpenClaw.Configuration;

public sealed class HttpSection
{
    public EndpointsSection Endpoints { get; set; } = new();

    public CorsSection Cors { get; set; } = new();

    public RateLimitSection RateLimit { get; set; } = new();

    public BodiesSection Bodies { get; set; } = new();

    public OutboundSection Outbound { get; set; } = new();

    public MediaSection Media { get; set; } = new();
}

/// <summary>What the gateway may ask for where a caller, a model or a configured webhook names the address. Private addresses are
/// refused whatever this says.</summary>
public sealed class OutboundSection
{
    /// <summary>Adds the scheme <c>http</c>, and its port 80.</summary>
    public bool AllowHttp { get; set; }

    public IReadOnlyList<int> Ports { get; set; } = [443];
}

/// <summary>Bytes of request bodies that one instance holds at a time, until their requests are answered.</summary>
public sealed class BodiesSection
{
    /// <summary>Null: an eighth of the memory that the process may use, at least 32 MiB.</summary>
    public long? MaxBytesInFlight { get; set; }

    /// <summary>Of one caller; null: half of all.</summary>
    public long? MaxBytesInFlightPerCaller { get; set; }
}

/// <summary>How many requests one credential may send, over all instances together.</summary>
public sealed class RateLimitSection
{
    /// <summary>0 is no limit. A named key may have its own.</summary>
    public int RequestsPerMinute { get; set; } = 6_000;

    /// <summary>Runs without a waiting caller that one credential may have queued or under way; 0 is no limit.</summary>
    public int WaitingRuns { get; set; } = 1_000;
}

public sealed class CorsSection
{
    /// <summary>Origins whose pages may read answers, such as <c>https://app.example.com</c>; empty: no CORS headers at all.</summary>
    public IReadOnlyList<string> Origins { get; set; } = [];
}

public sealed class EndpointsSection
{
    public ChatCompletionsEndpointSection ChatCompletions { get; set; } = new();

    public ResponsesEndpointSection Responses { get; set; } = new();

    public MessagesEndpointSection Messages { get; set; } = new();

    public McpEndpointSection Mcp { get; set; } = new();
}

/// <summary>The gateway's own tools as a server of the Model Context Protocol.</summary>
public sealed class McpEndpointSection
{
    public bool Enabled { get; set; }

    /// <summary>Bytes; larger bodies are 413.</summary>
    public int MaxBodyBytes { get; set; } = 4_000_000;
}

/// <summary>Anthropic's Messages API. Its images and files follow the rules of Responses.</summary>
public sealed class MessagesEndpointSection
{
    public bool Enabled { get; set; }

    /// <summary>Bytes; larger bodies are 413.</summary>
    public long MaxBodyBytes { get; set; } = 20_000_000;
}

public sealed class ChatCompletionsEndpointSection
{
    public bool Enabled { get; set; }

    /// <summary>Bytes; larger bodies are 413.</summary>
    public long MaxBodyBytes { get; set; } = 20_000_000;

    /// <summary>Images that may come with one turn: after the last answer of the request.</summary>
    public int MaxImageParts { get; set; } = 8;

    /// <summary>Files likewise.</summary>
    public int MaxFileParts { get; set; } = 8;

    /// <summary>Decoded bytes of all images of a request together.</summary>
    public long MaxTotalImageBytes { get; set; } = 20_000_000;

    public ImagesSection Images { get; set; } = new() { AllowUrl = false };
}

public sealed class ResponsesEndpointSection
{
    public bool Enabled { get; set; }

    /// <summary>Bytes; larger bodies are 413.</summary>
    public long MaxBodyBytes { get; set; } = 20_000_000;

    /// <summary>Parts of one request that are given as URLs, images and files together.</summary>
    public int MaxUrlParts { get; set; } = 8;

    /// <summary>Images that may come with one turn: after the last answer of the request.</summary>
    public int MaxImageParts { get; set; } = 8;

    /// <summary>Files likewise.</summary>
    public int MaxFileParts { get; set; } = 8;

    public FilesSection Files { get; set; } = new();

    public ImagesSection Images { get; set; } = new();
}

/// <summary>What of <c>input_file</c> is read. Source of the defaults: OpenResponses HTTP API of OpenClaw.</summary>
public sealed class FilesSection
{
    public bool AllowUrl { get; set; } = true;

    /// <summary>Hosts that files are fetched from, exact or <c>*.example.com</c> (not the apex); empty: no limit by host name.</summary>
    public IReadOnlyList<string> UrlAllowlist { get; set; } = [];

    public IReadOnlyList<string> AllowedMimes { get; set; } =
        ["text/plain", "text/markdown", "text/html", "text/csv", "application/json", "application/pdf"];

    /// <summary>Decoded bytes of one file.</summary>
    public long MaxBytes { get; set; } = 5_242_880;

    /// <summary>Characters of text taken from one file.</summary>
    public int MaxChars { get; set; } = 200_000;

    public int MaxRedirects { get; set; } = 3;

    public int TimeoutMs { get; set; } = 10_000;

    public PdfSection Pdf { get; set; } = new();
}

public sealed class PdfSection
{
    public int MaxPages { get; set; } = 4;

    /// <summary>Pixels of one rendered page.</summary>
    public int MaxPixels { get; set; } = 4_000_000;

    /// <summary>Pages with less text than this many characters are rendered as images.</summary>
    public int MinTextChars { get; set; } = 200;
}

/// <summary>Limits for images of requests. Unless set, <see cref="AllowUrl"/> is true for Responses and false for chat.</summary>
public sealed class ImagesSection
{
    public bool AllowUrl { get; set; } = true;

    /// <summary>Hosts that images are fetched from, exact or <c>*.example.com</c> (not the apex); empty: no limit by host name.</summary>
    public IReadOnlyList<string> UrlAllowlist { get; set; } = [];

    public IReadOnlyList<string> AllowedMimes { get; set; } =
        ["image/jpeg", "image/png", "image/gif", "image/webp", "image/heic", "image/heif", "image/avif"];

    /// <summary>Decoded bytes of one image.</summary>
    public long MaxBytes { get; set; } = 10_485_760;

    /// <summary>Pixels of one image, as its header says; more is refused before anything is decoded.</summary>
    public long MaxPixels { get; set; } = 64_000_000;

    /// <summary>Pixels of the longer edge; a larger image is scaled down for the provider.</summary>
    public int MaxEdge { get; set; } = 8_000;

    /// <summary>Whether images go to the provider with their EXIF, XMP and IPTC, which often tell where they were taken.</summary>
    public bool KeepMetadata { get; set; }

    public int MaxRedirects { get; set; } = 3;

    public int TimeoutMs { get; set; } = 10_000;
}
