using OpenClaw.Configuration.Parsing;

namespace OpenClaw.Configuration.Binding;

/// <summary>The <c>gateway.http</c> section.</summary>
internal static class HttpBinding
{
    /// <summary>The Functions host refuses larger bodies by itself.</summary>
    private const long MostBytes = 104_857_600;

    public static HttpSection Read(SectionReader reader) => new()
    {
        Endpoints = reader.Section("endpoints", Endpoints),
        Cors = reader.Section("cors", cors => new CorsSection { Origins = cors.Texts("origins", [], TextForm.Origin) }),
        RateLimit = reader.Section("rateLimit", RateLimit),
        Bodies = reader.Section("bodies", bodies => new BodiesSection
        {
            MaxBytesInFlight = bodies.OptionalWhole("maxBytesInFlight", 1, long.MaxValue / 2),
            MaxBytesInFlightPerCaller = bodies.OptionalWhole("maxBytesInFlightPerCaller", 1, long.MaxValue / 2),
        }),
        Outbound = reader.Section("outbound", Outbound),
        Media = reader.Section("media", Media),
    };

    private static OutboundSection Outbound(SectionReader reader)
    {
        var section = new OutboundSection();
        section.AllowHttp = reader.Flag("allowHttp", section.AllowHttp);
        section.Ports = reader.Wholes("ports", section.Ports, 1, 65_535);
        return section;
    }

    private static RateLimitSection RateLimit(SectionReader reader)
    {
        var section = new RateLimitSection();
        section.RequestsPerMinute = reader.Whole("requestsPerMinute", section.RequestsPerMinute, 0, 1_000_000);
        section.WaitingRuns = reader.Whole("waitingRuns", section.WaitingRuns, 0, 1_000_000);
        return section;
    }

    private static MediaSection Media(SectionReader reader)
    {
        const int MostSeconds = 2_592_000;
        var section = new MediaSection();
        section.Enabled = reader.Flag("enabled", section.Enabled);
        section.MaxBytes = reader.Whole("maxBytes", section.MaxBytes, 1, MostBytes);
        section.TtlSeconds = reader.Whole("ttlSeconds", section.TtlSeconds, 1, MostSeconds);
        section.MaxTtlSeconds = reader.Whole("maxTtlSeconds", section.MaxTtlSeconds, 1, MostSeconds);
        section.QuotaBytes = reader.Whole("quotaBytes", section.QuotaBytes, 1, long.MaxValue / 2);
        section.TicketSeconds = reader.Whole("ticketSeconds", section.TicketSeconds, 1, 86_400);
        section.AllowedMimes = reader.Texts("allowedMimes", section.AllowedMimes, TextForm.MediaType);
        if (section.TtlSeconds > section.MaxTtlSeconds)
        {
            reader.Error("ttlSeconds", "must not be more than maxTtlSeconds");
        }

        return section;
    }

    private static EndpointsSection Endpoints(SectionReader reader) => new()
    {
        ChatCompletions = reader.Section("chatCompletions", ChatCompletions),
        Responses = reader.Section("responses", Responses),
        Messages = reader.Section("messages", Messages),
        Mcp = reader.Section("mcp", Mcp),
    };

    private static McpEndpointSection Mcp(SectionReader reader)
    {
        var section = new McpEndpointSection();
        section.Enabled = reader.Flag("enabled", section.Enabled);
        section.MaxBodyBytes = reader.Whole("maxBodyBytes", section.MaxBodyBytes, 1, (int)MostBytes);
        return section;
    }

    private static MessagesEndpointSection Messages(SectionReader reader)
    {
        var section = new MessagesEndpointSection();
        section.Enabled = reader.Flag("enabled", section.Enabled);
        section.MaxBodyBytes = reader.Whole("maxBodyBytes", section.MaxBodyBytes, 1, MostBytes);
        return section;
    }

    private static ChatCompletionsEndpointSection ChatCompletions(SectionReader reader)
    {
        var section = new ChatCompletionsEndpointSection();
        section.Enabled = reader.Flag("enabled", section.Enabled);
        section.MaxBodyBytes = reader.Whole("maxBodyBytes", section.MaxBodyBytes, 1, MostBytes);
        section.MaxImageParts = reader.Whole("maxImageParts", section.MaxImageParts, 0, 1_000);
        section.MaxFileParts = reader.Whole("maxFileParts", section.MaxFileParts, 0, 1_000);
        section.MaxTotalImageBytes = reader.Whole("maxTotalImageBytes", section.MaxTotalImageBytes, 1, MostBytes);
        section.Images = reader.OptionalSection("images", images => Images(images, section.Images)) ?? section.Images;
        return section;
    }

    private static ResponsesEndpointSection Responses(SectionReader reader)
    {
        var section = new ResponsesEndpointSection();
        section.Enabled = reader.Flag("enabled", section.Enabled);
        section.MaxBodyBytes = reader.Whole("maxBodyBytes", section.MaxBodyBytes, 1, MostBytes);
        section.MaxUrlParts = reader.Whole("maxUrlParts", section.MaxUrlParts, 0, 1_000);
        section.MaxImageParts = reader.Whole("maxImageParts", section.MaxImageParts, 0, 1_000);
        section.MaxFileParts = reader.Whole("maxFileParts", section.MaxFileParts, 0, 1_000);
        section.Files = reader.Section("files", Files);
        section.Images = reader.OptionalSection("images", images => Images(images, section.Images)) ?? section.Images;
        return section;
    }

    private static FilesSection Files(SectionReader reader)
    {
        var section = new FilesSection();
        section.AllowUrl = reader.Flag("allowUrl", section.AllowUrl);
        section.UrlAllowlist = reader.Texts("urlAllowlist", section.UrlAllowlist, TextForm.HostPattern);
        section.AllowedMimes = reader.Texts("allowedMimes", section.AllowedMimes, TextForm.MediaType);
        section.MaxBytes = reader.Whole("maxBytes", section.MaxBytes, 1, MostBytes);
        section.MaxChars = reader.Whole("maxChars", section.MaxChars, 1, 100_000_000);
        section.MaxRedirects = reader.Whole("maxRedirects", section.MaxRedirects, 0, 20);
        section.TimeoutMs = reader.Whole("timeoutMs", section.TimeoutMs, 1, 600_000);
        section.Pdf = reader.Section("pdf", Pdf);
        return section;
    }

    private static PdfSection Pdf(SectionReader reader)
    {
        var section = new PdfSection();
        section.MaxPages = reader.Whole("maxPages", section.MaxPages, 1, 1_000);
        section.MaxPixels = reader.Whole("maxPixels", section.MaxPixels, 1, 100_000_000);
        section.MinTextChars = reader.Whole("minTextChars", section.MinTextChars, 0, 1_000_000);
        return section;
    }

    private static ImagesSection Images(SectionReader reader, ImagesSection section)
    {
        section.AllowUrl = reader.Flag("allowUrl", section.AllowUrl);
        section.UrlAllowlist = reader.Texts("urlAllowlist", section.UrlAllowlist, TextForm.HostPattern);
        section.AllowedMimes = reader.Texts("allowedMimes", section.AllowedMimes, TextForm.MediaType);
        section.MaxBytes = reader.Whole("maxBytes", section.MaxBytes, 1, MostBytes);
        section.MaxPixels = reader.Whole("maxPixels", section.MaxPixels, 1, 1_000_000_000);
        section.KeepMetadata = reader.Flag("keepMetadata", section.KeepMetadata);
        section.MaxEdge = reader.Whole("maxEdge", section.MaxEdge, 256, 16_384);
        section.MaxRedirects = reader.Whole("maxRedirects", section.MaxRedirects, 0, 20);
        section.TimeoutMs = reader.Whole("timeoutMs", section.TimeoutMs, 1, 600_000);
        return section;
    }
}
