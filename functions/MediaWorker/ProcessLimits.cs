using System.ComponentModel;
using System.Globalization;
using System.Runtime.InteropServices;
using OpenClaw.Media.Worker;

namespace OpenClaw.Functions.MediaWorker;

/// <summary>What this process may use for the next file. It limits itself, because the runtime reserves more address space at its start
/// than a decoder may ever have. On Windows there are no such limits: there the heap's, Wasmtime's and ImageMagick's own hold, and the
/// gateway's clock.</summary>
internal static partial class ProcessLimits
{
    private const ulong AddressSpace = 1024UL * 1024 * 1024;

    private const ulong OpenFiles = 128;

    /// <param name="time">Of processors, at most this long for each of two threads at work.</param>
    public static void Apply(TimeSpan time)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var isLinux = OperatingSystem.IsLinux();
        Limit(Resource.Cpu, (ulong)Math.Ceiling((Environment.CpuUsage.TotalTime + (time * 2)).TotalSeconds), isForever: false);
        Limit(Resource.FileSize, MediaWorkerRequest.MaxFileLength, isForever: true);
        Limit(Resource.Core, 0, isForever: true);
        Limit(isLinux ? Resource.OpenFilesOfLinux : Resource.OpenFilesOfMac, OpenFiles, isForever: true);
        if (isLinux)
        {
            var pages = ulong.Parse(File.ReadAllText("/proc/self/statm").Split(' ')[0], CultureInfo.InvariantCulture);
            Limit(Resource.AddressSpaceOfLinux, (pages * (ulong)Environment.SystemPageSize) + AddressSpace, isForever: false);
        }
    }

    /// <param name="isForever">Not even this process can lift it again.</param>
    private static void Limit(Resource resource, ulong value, bool isForever)
    {
        if (GetLimit(resource, out var limit) != 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }

        limit.Soft = Math.Min(value, limit.Hard);
        limit.Hard = isForever ? limit.Soft : limit.Hard;
        if (SetLimit(resource, limit) != 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }
    }

    [LibraryImport("libc", EntryPoint = "getrlimit", SetLastError = true)]
    private static partial int GetLimit(Resource resource, out ResourceLimit limit);

    [LibraryImport("libc", EntryPoint = "setrlimit", SetLastError = true)]
    private static partial int SetLimit(Resource resource, in ResourceLimit limit);

    /// <summary>Numbers of Linux and macOS; macOS does not hold a process to its address space.</summary>
    private enum Resource
    {
        Cpu = 0,
        FileSize = 1,
        Core = 4,
        OpenFilesOfLinux = 7,
        OpenFilesOfMac = 8,
        AddressSpaceOfLinux = 9,
    }

    private struct ResourceLimit
    {
        public ulong Soft;

        public ulong Hard;
    }
}
