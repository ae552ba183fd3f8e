using System.Diagnostics.Metrics;
using System.Globalization;
using OpenClaw.Bench;

/// <summary>Runs inside a measured gateway (<c>DOTNET_STARTUP_HOOKS</c>) and writes its counters to a file.</summary>
internal static class StartupHook
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    public static void Initialize()
    {
        var file = Environment.GetEnvironmentVariable(Counters.FileVariable)!;
        long storageCalls = 0;
        if (Environment.GetEnvironmentVariable(Counters.PortsVariable) is { Length: > 0 } list)
        {
            var ports = list.Split(',').Select(port => int.Parse(port, CultureInfo.InvariantCulture)).ToList();
            var listener = new MeterListener { InstrumentPublished = static (instrument, listening) =>
            {
                if (instrument.Name == "http.client.request.duration")
                {
                    listening.EnableMeasurementEvents(instrument);
                }
            } };
            listener.SetMeasurementEventCallback<double>((_, _, tags, _) =>
            {
                foreach (var tag in tags)
                {
                    if (tag.Key == "server.port" && tag.Value is int port && ports.Contains(port))
                    {
                        Interlocked.Increment(ref storageCalls);
                    }
                }
            });
            listener.Start();
        }

        var writer = new Thread(() =>
        {
            while (true)
            {
                File.WriteAllText(file + ".new", string.Create(
                    CultureInfo.InvariantCulture, $"{GC.GetTotalAllocatedBytes()} {Interlocked.Read(ref storageCalls)}"));
                File.Move(file + ".new", file, overwrite: true);
                Thread.Sleep(Interval);
            }
        }) { IsBackground = true };
        writer.Start();
    }
}
