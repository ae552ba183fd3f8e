using Microsoft.Extensions.DependencyInjection;
using OpenClaw.Security.Rights;

namespace OpenClaw.Devices;

/// <summary>Paired devices and requests for pairing.</summary>
public static class DeviceServices
{
    public static IServiceCollection AddDevices(this IServiceCollection services) => services
        .AddSingleton<DeviceCache>()
        .AddSingleton<DeviceRights>()
        .AddSingleton<ICallerSource>(static provider => provider.GetRequiredService<DeviceRights>())
        .AddSingleton<DeviceChanges>()
        .AddSingleton<DeviceSightings>()
        .AddSingleton<DeviceStore>()
        .AddSingleton<DevicePairing>();
}
