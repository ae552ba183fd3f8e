using Microsoft.Extensions.DependencyInjection;
using OpenClaw.Media.Documents;
using OpenClaw.Media.Files;
using OpenClaw.Media.Images;
using OpenClaw.Media.Worker;

namespace OpenClaw.Media;

/// <summary>Files and images: their store, and the workers that read them.</summary>
public static class MediaServices
{
    public static IServiceCollection AddMedia(this IServiceCollection services) => services
        .AddSingleton<MediaWorkerOptions>()
        .AddSingleton<MediaWorkers>()
        .AddSingleton<MediaTools>()
        .AddHostedService<MediaLeftovers>()
        .AddSingleton<PdfReader>()
        .AddSingleton<ImageConverter>()
        .AddSingleton<ImageReader>()
        .AddSingleton<MediaStore>()
        .AddSingleton<MediaTickets>();
}
