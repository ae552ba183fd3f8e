using System.ComponentModel;
using System.Globalization;
using System.Runtime.InteropServices;

namespace OpenClaw.Functions.MediaWorker;

/// <summary>What this process may use from here on. It limits itself, because the runtime reserves more address space at its start
/// than a decoder may ever have.</summary>
internal static partial class ProcessLimits
{
    private const ulong AddressSpace = 768UL * 1024 * 1024;

    private const ulong CpuSeconds = 10;

    private const ulong OpenFiles = 64;

    public static void Apply()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        var pages = ulong.Parse(File.ReadAllText("/proc/self/statm").Split(' ')[0], CultureInfo.InvariantCulture);
        Limit(Resource.AddressSpace, (pages * (ulong)Environment.SystemPageSize) + AddressSpace);
        Limit(Resource.Cpu, CpuSeconds);
        Limit(Resource.FileSize, 0);
        Limit(Resource.Core, 0);
        Limit(Resource.OpenFiles, OpenFiles);
    }

    private static void Limit(Resource resource, ulong value)
    {
        if (GetLimit(resource, out var limit) != 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }

        limit.Soft = limit.Hard = Math.Min(value, limit.Hard);
        if (SetLimit(resource, limit) != 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }
    }

    [LibraryImport("libc", EntryPoint = "getrlimit", SetLastError = true)]
    private static partial int GetLimit(Resource resource, out ResourceLimit limit);

    [LibraryImport("libc", EntryPoint = "setrlimit", SetLastError = true)]
    private static partial int SetLimit(Resource resource, in ResourceLimit limit);

    /// <summary>Linux's numbers.</summary>
    private enum Resource
    {
        Cpu = 0,
        FileSize = 1,
        Core = 4,
        OpenFiles = 7,
        AddressSpace = 9,
    }

    private struct ResourceLimit
    {
        public ulong Soft;

        public ulong Hard;
    }
}
