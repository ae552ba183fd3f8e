using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using OpenClaw.Media;
using OpenClaw.Tests.Media;

namespace OpenClaw.Bench;

/// <summary>Changed images through the header reader, all of them, and through the worker, as many as the time allows.</summary>
internal static class ImageFuzz
{
    private static readonly TimeSpan WorkerTime = TimeSpan.FromMinutes(10);

    public static async Task<int> RunAsync(string gateway, int count, int seed)
    {
        var options = new MediaWorkerOptions { Program = new NativeProgram(Path.GetFullPath(gateway)) { FirstArguments = [MediaWorkerOptions.Command] } };
        using var converter = new ImageConverter(new MediaTools(), options, NullLogger<ImageConverter>.Instance);
        var samples = await MakeSamplesAsync(converter);
        var headers = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < count; i++)
        {
            Count(headers, ImageHeader.Read(Change(samples, seed, i))?.MediaType ?? "none");
        }

        var outcomes = new Dictionary<string, int>(StringComparer.Ordinal);
        var clock = Stopwatch.StartNew();
        var (next, failures, slowest) = (-1, 0, TimeSpan.Zero);
        await Task.WhenAll(Enumerable.Range(0, options.MaxProcesses).Select(async _ =>
        {
            for (var i = Interlocked.Increment(ref next); i < count && clock.Elapsed < WorkerTime; i = Interlocked.Increment(ref next))
            {
                var image = Change(samples, seed, i);
                var start = clock.Elapsed;
                var outcome = await ConvertAsync(converter, image);
                lock (outcomes)
                {
                    Count(outcomes, outcome);
                    failures += outcome.StartsWith('!') ? 1 : 0;
                    slowest = clock.Elapsed - start > slowest ? clock.Elapsed - start : slowest;
                    if (outcome.StartsWith('!') || outcome is MediaException.TooComplex)
                    {
                        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"case {i}: {outcome}"));
                    }
                }
            }
        }));

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"seed {seed}; {count} headers: {Join(headers)}"));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{outcomes.Values.Sum()} through the worker in {clock.Elapsed.TotalSeconds:F0} s, slowest {slowest.TotalSeconds:F1} s: {Join(outcomes)}"));
        return failures == 0 ? 0 : 1;
    }

    private static async Task<string> ConvertAsync(ImageConverter converter, byte[] image)
    {
        if (ImageHeader.Read(image) is not { } info || info.MediaType == ImageInfo.Gif)
        {
            return "not for the worker";
        }

        try
        {
            var jpeg = await converter.ToJpegAsync(image, info, 512, 64_000_000, CancellationToken.None);
            return ImageHeader.Read(jpeg) is { Width: <= 512, Height: <= 512 } ? "converted" : "!answer is no such JPEG";
        }
        catch (MediaException refusal)
        {
            return refusal.Code == MediaException.ToolsMissing ? "!" + refusal.Message : refusal.Code;
        }
    }

    private static async Task<IReadOnlyList<byte[]>> MakeSamplesAsync(ImageConverter converter)
    {
        byte[] png = ImageSamples.Png(256, 128), noise = ImageSamples.NoisePng(96, 64);
        var jpeg = await converter.ToJpegAsync(noise, ImageHeader.Read(noise)!, 512, 1_000_000, CancellationToken.None);
        var heic = await ImageSamples.EncodeAsync("heif-enc", "heic", noise);
        return
        [
            png, noise, jpeg, ImageSamples.Orient(jpeg, 6), ImageSamples.Gif(20, 10, pictures: 3), heic,
            new HeifSample(heic) { Turns = 1 }.WriteGrid(2, 2),
            await ImageSamples.EncodeAsync("heif-enc", "heic", ImageSamples.Png(128, 64, isLowerHalfClear: true)),
            await ImageSamples.EncodeAsync("heif-enc", "heic", ImageSamples.Png(128, 64, bits: 16), "-b", "10"),
            await ImageSamples.EncodeAsync("heif-enc", "avif", noise, "-A"),
            await ImageSamples.EncodeAsync("cwebp", "webp", noise, "-quiet"),
            await ImageSamples.EncodeAsync("cwebp", "webp", noise, "-quiet", "-lossless"),
        ];
    }

    /// <summary>The same for the same seed and number: bytes changed, numbers made extreme, parts cut out, doubled or taken from another sample.</summary>
    private static byte[] Change(IReadOnlyList<byte[]> samples, int seed, int number)
    {
        var random = new Random(unchecked((seed * 1_000_003) + number));
        var image = samples[number % samples.Count].ToList();
        for (var changes = random.Next(1, 6); changes > 0 && image.Count > 16; changes--)
        {
            var at = random.Next(random.Next(4) == 0 ? image.Count : Math.Min(image.Count, 700));
            var length = Math.Min(random.Next(1, 64), image.Count - at);
            switch (random.Next(6))
            {
                case 0:
                    image[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    image[at] = (byte)random.Next(256);
                    break;
                case 2:
                    image[at] = random.Next(2) == 0 ? byte.MaxValue : (byte)0;
                    break;
                case 3:
                    image.RemoveRange(at, length);
                    break;
                case 4:
                    image.InsertRange(at, image.GetRange(at, length));
                    break;
                default:
                    var other = samples[random.Next(samples.Count)];
                    image.InsertRange(at, other.Skip(random.Next(other.Length)).Take(length));
                    break;
            }
        }

        return [.. image];
    }

    private static void Count(Dictionary<string, int> counts, string name) => counts[name] = counts.GetValueOrDefault(name) + 1;

    private static string Join(Dictionary<string, int> counts) =>
        string.Join(", ", counts.OrderByDescending(c => c.Value).Select(c => string.Create(CultureInfo.InvariantCulture, $"{c.Value} {c.Key}")));
}
