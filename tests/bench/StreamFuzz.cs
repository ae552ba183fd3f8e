using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using OpenClaw.Tests.Core.Models.Streams;

namespace OpenClaw.Bench;

/// <summary>Reads varied streams of each wire format and compares what is read with what was said; see <see cref="StreamCheck"/>. The first
/// failure ends a format; FsCheck prints its simplest form.</summary>
internal static class StreamFuzz
{
    public static int Run(int count, int seed)
    {
        var wrong = 0;
        foreach (var api in StreamCheck.Apis)
        {
            try
            {
                Prop.ForAll(StreamCase.Any, async stream =>
                {
                    if (await StreamCheck.RunAsync(api, stream) is { } failure)
                    {
                        throw new InvalidOperationException(failure);
                    }
                }).Check(Config.QuickThrowOnFailure.WithMaxTest(count).WithReplay((ulong)seed, 1));
            }
            catch (Exception exception)
            {
                wrong++;
                Console.Error.WriteLine(exception.Message);
            }
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{count} streams of each of {StreamCheck.Apis.Count} formats from seed {seed}: {wrong} formats failed"));
        return wrong == 0 ? 0 : 1;
    }
}
