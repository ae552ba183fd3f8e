using Microsoft.Extensions.DependencyInjection;

namespace OpenClaw.Devices;

/// <summary>Paired devices and requests for pairing.</summary>
public static class DeviceServices
{
    public static IServiceCollection AddDevices(this IServiceCollection services) => services
        .AddSingleton<DeviceCache>()
        .AddSingleton<DeviceChanges>()
        .AddSingleton<DeviceStore>()
        .AddSingleton<DevicePairing>();
}
