using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace OpenClaw.Bench;

/// <summary>Programs of other people that read the same files: <c>pdftotext</c> (Poppler) and <c>identify</c> (ImageMagick), where they are
/// in the PATH.</summary>
internal static class OtherReaders
{
    /// <returns>Null where the program is not there or fails.</returns>
    public static Task<string?> ReadTextAsync(string pdf) => RunAsync("pdftotext", "-q", pdf, "-");

    /// <returns>Pixels of the first picture as it is stored; null where the program is not there or fails.</returns>
    public static async Task<(int Width, int Height)?> ReadSizeAsync(string image) =>
        (await RunAsync("identify", "-format", "%w %h\n", image + "[0]"))?.Split(' ', '\n') is [var width, var height, ..]
        && int.TryParse(width, NumberStyles.None, CultureInfo.InvariantCulture, out var columns)
        && int.TryParse(height, NumberStyles.None, CultureInfo.InvariantCulture, out var rows)
            ? (columns, rows)
            : null;

    /// <summary>The share of characters that two texts have in common, in any order: readers order columns and tables
    /// differently.</summary>
    public static double Compare(string one, string other, int maxChars)
    {
        var (first, second) = (Count(one, maxChars), Count(other, maxChars));
        var common = first.Sum(c => Math.Min(c.Value, second.GetValueOrDefault(c.Key)));
        var all = first.Values.Sum() + second.Values.Sum();
        return all == 0 ? 1 : 2.0 * common / all;
    }

    /// <summary>Whether a JPEG of <paramref name="sent"/> pixels is the whole of an image of <paramref name="stored"/>, perhaps turned
    /// and scaled
    /// down.</summary>
    public static bool IsWhole((int Width, int Height) sent, (int Width, int Height) stored)
    {
        var (longer, shorter) = (Math.Max(stored.Width, stored.Height), Math.Min(stored.Width, stored.Height));
        var (sentLonger, sentShorter) = (Math.Max(sent.Width, sent.Height), Math.Min(sent.Width, sent.Height));
        return sentLonger <= longer && Math.Abs(((double)shorter * sentLonger / longer) - sentShorter) <= 1;
    }

    private static Dictionary<char, int> Count(string text, int maxChars) =>
        text.Normalize(System.Text.NormalizationForm.FormKC).Where(static c => !char.IsWhiteSpace(c)).Take(maxChars).CountBy(
            static c => c).ToDictionary();

    private static async Task<string?> RunAsync(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(
                new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var errors = process.StandardError.ReadToEndAsync();
            var text = await process.StandardOutput.ReadToEndAsync();
            await errors;
            await process.WaitForExitAsync();
            return process.ExitCode == 0 ? text : null;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
