using System.Globalization;

namespace OpenClaw.Tests.Faults.ChannelLoad;

/// <summary>What became of the events.</summary>
internal sealed class LoadReport
{
    public int Events { get; set; }

    public int Duplicates { get; set; }

    public int Reordered { get; set; }

    public int Kills { get; set; }

    /// <summary>Replies that a chat shows twice.</summary>
    public int DoubledReplies { get; set; }

    /// <summary>What the gateways counted as possibly doubled, as far as they lived to tell.</summary>
    public long Ambiguous { get; set; }

    /// <summary>Milliseconds until a delivery was acknowledged; the model is silent meanwhile, except for the last of each wave.</summary>
    public List<double> Acknowledgements { get; } = [];

    /// <summary>What is not as it must be; empty for a good run.</summary>
    public List<string> Problems { get; } = [];

    /// <summary>Adds what another run found.</summary>
    public void Add(LoadReport other)
    {
        Events += other.Events;
        Duplicates += other.Duplicates;
        Reordered += other.Reordered;
        Kills += other.Kills;
        DoubledReplies += other.DoubledReplies;
        Ambiguous += other.Ambiguous;
        Acknowledgements.AddRange(other.Acknowledgements);
        Problems.AddRange(other.Problems);
    }

    public override string ToString()
    {
        Acknowledgements.Sort();
        double At(double share) => Acknowledgements.Count == 0 ? 0 : Acknowledgements[(int)(share * (Acknowledgements.Count - 1))];
        return string.Create(
            CultureInfo.InvariantCulture,
            $"""
            events                     {Events}
            deliveries repeated        {Duplicates}
            deliveries reordered       {Reordered}
            kills                      {Kills}
            replies shown twice        {DoubledReplies}
            counted as ambiguous       {Ambiguous}
            acknowledged (ms) p50      {At(0.5):0}
            acknowledged (ms) p99      {At(0.99):0}
            acknowledged (ms) longest  {At(1):0}
            problems                   {Problems.Count}
            {string.Join('\n', Problems.Take(20))}
            """);
    }
}
