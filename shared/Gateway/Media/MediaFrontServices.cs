using Microsoft.Extensions.DependencyInjection;

namespace OpenClaw.Gateway.Media;

internal static class MediaFrontServices
{
    public static IServiceCollection AddMediaFronts(this IServiceCollection services) => services
        .AddSingleton<MediaBody>()
        .AddSingleton<MediaHandler>()
        .AddSingleton<FilesHandler>();
}
