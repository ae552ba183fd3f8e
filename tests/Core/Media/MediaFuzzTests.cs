using OpenClaw.Tests.Support;
using Xunit;

namespace OpenClaw.Tests.Core.Media;

/// <summary>A short form of <c>bench fuzz media</c>.</summary>
public sealed class MediaFuzzTests
{
    private const int Seed = 13;

    private const int Cases = 60;

    public static TheoryData<string> Kinds => [.. MediaMutations.Kinds];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Damaged_files_end_in_content_or_a_clear_refusal(string kind)
    {
        var mutations = new MediaMutations(Path.Combine(Repository.Root, "tests", "Core", "Media", "Data"));
        var fuzz = new MediaFuzz(Outcome.Workers);
        for (var number = 0; number < Cases; number++)
        {
            var outcome = await fuzz.TryAsync(kind, mutations.Make(kind, Seed, number), Outcome.Caller);
            Assert.False(outcome.StartsWith(MediaFuzz.Bug, StringComparison.Ordinal), $"case {number}: {outcome}");
        }
    }
}
