using Microsoft.AspNetCore.Http;

namespace OpenClaw.Gateway.Wire;

/// <summary>Headers of every answer: nothing is guessed from its content, and no cache keeps it. Content that may be kept says so
/// later.</summary>
internal static class AnswerHeaders
{
    public static void Set(HttpResponse response)
    {
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.CacheControl = "no-store";
    }
}
