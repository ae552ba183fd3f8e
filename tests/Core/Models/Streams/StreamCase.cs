using FsCheck;
using FsCheck.Fluent;

namespace OpenClaw.Tests.Core.Models.Streams;

/// <summary>One way to send one answer. FsCheck makes it and, after a failure, looks for the simplest that still fails; details come from
/// <paramref name="Seed"/>.</summary>
/// <param name="Answer">Which of <see cref="StreamAnswer.All"/>.</param>
/// <param name="Fault">Nothing, an error event, or the end or a reset after some byte.</param>
/// <param name="Pieces">Most pieces of a text; 0 is 1.</param>
/// <param name="Interleaved">Whether calls and text are written side by side.</param>
/// <param name="Dialect">Habits of the wire format, such as events that are left out; 0 is the documented form.</param>
/// <param name="KeepAlives">Most heartbeats between two events.</param>
/// <param name="MissingBlankLines">Whether blank lines between events may be missing.</param>
/// <param name="MissingLastBlankLine">Whether the last event has none.</param>
/// <param name="Garbage">Whether anything follows the end.</param>
internal sealed record StreamCase(
    int Seed,
    int Answer,
    int Fault,
    int Pieces,
    bool Interleaved,
    int Dialect,
    int KeepAlives,
    int LineEnd,
    bool MissingBlankLines,
    bool MissingLastBlankLine,
    bool Garbage,
    int ContentType,
    bool OneDocument,
    int ChunkSize)
{
    public static Arbitrary<StreamCase> Any { get; } = Arb.From(Gen.Choose(0, int.MaxValue).Select(Create), stream => stream.Simpler());

    public Random CreateRandom() => new(Seed);

    private static StreamCase Create(int seed)
    {
        var random = new Random(seed);
        return new StreamCase(
            seed, random.Next(StreamAnswer.All.Count), random.Next(6), random.Next(9), Flag(), random.Next(1 << 12) & random.Next(1 << 12),
            random.Next(4), random.Next(4), Flag(), Flag(), Flag(), random.Next(5), random.Next(6) == 0, random.Next(2) * random.Next(40));

        bool Flag() => random.Next(2) == 0;
    }

    private IEnumerable<StreamCase> Simpler()
    {
        List<StreamCase> simpler =
        [
            this with { Fault = 0 }, this with { Pieces = 0 }, this with { Interleaved = false }, this with { KeepAlives = 0 },
            this with { LineEnd = 0 }, this with { MissingBlankLines = false }, this with { MissingLastBlankLine = false },
            this with { Garbage = false }, this with { ContentType = 0 }, this with { ChunkSize = 0 },
        ];
        simpler.AddRange(Enumerable.Range(0, 12).Select(bit => this with { Dialect = Dialect & ~(1 << bit) }));
        return simpler.Where(other => other != this);
    }
}
