using System.Diagnostics;
using System.Globalization;

namespace OpenClaw.Configuration;

/// <summary>Places where a test may have the process killed. Debug builds only: <c>OPENCLAW_CRASH_AT=name</c> or <c>name:3</c> for
/// the third time it is reached.</summary>
public static class CrashPoint
{
    private static readonly string[] Wanted = (Environment.GetEnvironmentVariable(EnvironmentVariables.CrashAt) ?? "").Split(':');

    private static int _left = Wanted.Length > 1 ? int.Parse(Wanted[1], CultureInfo.InvariantCulture) : 1;

    [Conditional("DEBUG")]
    public static void Hit(string name)
    {
        if (name == Wanted[0] && Interlocked.Decrement(ref _left) == 0)
        {
            Process.GetCurrentProcess().Kill(); // as the platform would: no clean-up
            Thread.Sleep(Timeout.Infinite);
        }
    }
}
