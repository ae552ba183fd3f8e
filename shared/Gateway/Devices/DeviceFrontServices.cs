using Microsoft.Extensions.DependencyInjection;

namespace OpenClaw.Gateway.Devices;

public static class DeviceFrontServices
{
    public static IServiceCollection AddDeviceFronts(this IServiceCollection services) => services.AddSingleton<DevicesHandler>();
}
