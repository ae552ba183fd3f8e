using System.Globalization;
using OpenClaw.Bench;
using OpenClaw.Tests.Core.Media;

// bench upstream | proxy URL: the two servers, each in a process of its own, on a free port that they print.
// bench run GATEWAY: measures the gateway executable against the proxy of this same build.
// bench worker FOLDER...: deployed apps (infra/package, or a publish) under the stand-in Functions host, compared with the first.
// bench stored GATEWAY HOOK: what stored turns, stored responses and storage calls cost.
// bench soak GATEWAY [MINUTES]: kills one of two gateways now and then under load, and looks for what is lost or doubled.
// bench channels GATEWAY COUNT [SEED]: COUNT events of a chat platform, repeated and disordered, at two gateways that are killed now and
// then; looks for what is lost, doubled or out of order.
// bench fuzz url COUNT [SEED]: fetches mutated URLs over a network that only takes notes.
// bench streams COUNT [SEED]: reads COUNT varied streams of each provider API and compares what is read with what was said.
// bench frames GATEWAY COUNT [SEED [DIALECT]]: sends COUNT changed messages in each dialect of the control plane.
// bench connections GATEWAY [IDLE STREAMING]: many control-plane connections at once; 1 000 and 100 by default.
// bench fuzz media SAMPLES GATEWAY COUNT [SEED [KIND]]: damages PDFs and images of SAMPLES (tests/Core/Media/Data) and reads them in the
// media worker.
// bench media FOLDER GATEWAY [PICTURES]: reads the PDFs and images of FOLDER (tests/bench/corpus fetches some) in the media worker; into
// PICTURES it writes what the model would see of each first page and image.
return args switch
{
    ["upstream"] => await CannedUpstream.RunAsync(),
    ["proxy", var upstream] => await PassThroughProxy.RunAsync(upstream),
    ["run", var gateway] => await Comparison.RunAsync(gateway),
    ["worker", .. var folders] when folders.Length > 0 => await WorkerBench.RunAsync(folders),
    ["stored", var gateway, var hook] => await StoredTurns.RunAsync(gateway, hook),
    ["soak", var gateway] => await Soak.RunAsync(gateway, 10),
    ["soak", var gateway, var minutes] => await Soak.RunAsync(gateway, double.Parse(minutes, CultureInfo.InvariantCulture)),
    ["channels", var gateway, var count] => await ChannelBench.RunAsync(gateway, Number(count), Random.Shared.Next()),
    ["channels", var gateway, var count, var seed] => await ChannelBench.RunAsync(gateway, Number(count), Number(seed)),
    ["fuzz", "url", var count] => await UrlFuzz.RunAsync(Number(count), Random.Shared.Next()),
    ["fuzz", "url", var count, var seed] => await UrlFuzz.RunAsync(Number(count), Number(seed)),
    ["streams", var count] => StreamFuzz.Run(Number(count), Random.Shared.Next()),
    ["streams", var count, var seed] => StreamFuzz.Run(Number(count), Number(seed)),
    ["connections", var gateway] => await Connections.RunAsync(gateway, 1000, 100),
    ["connections", var gateway, var idle, var streaming] => await Connections.RunAsync(gateway, Number(idle), Number(streaming)),
    ["frames", var gateway, var count] => await FrameFuzzRun.RunAsync(gateway, Number(count), Random.Shared.Next(1_000_000)),
    ["frames", var gateway, var count, var seed] => await FrameFuzzRun.RunAsync(gateway, Number(count), Number(seed)),
    ["frames", var gateway, var count, var seed, var dialect] => await FrameFuzzRun.RunAsync(gateway, Number(count), Number(seed), dialect),
    ["fuzz", "media", var samples, var gateway, var count] =>
        await MediaFuzzRun.RunAsync(samples, gateway, Number(count), 1, MediaMutations.Kinds),
    ["fuzz", "media", var samples, var gateway, var count, var seed] =>
        await MediaFuzzRun.RunAsync(samples, gateway, Number(count), Number(seed), MediaMutations.Kinds),
    ["fuzz", "media", var samples, var gateway, var count, var seed, var kind] =>
        await MediaFuzzRun.RunAsync(samples, gateway, Number(count), Number(seed), [kind]),
    ["media", var folder, var gateway] => await MediaCorpus.RunAsync(folder, gateway),
    ["media", var folder, var gateway, var pictures] => await MediaCorpus.RunAsync(folder, gateway, pictures),
    _ => Usage(),
};

static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

static int Usage()
{
    Console.Error.WriteLine(
        "usage: bench run GATEWAY | bench worker FOLDER... | bench stored GATEWAY HOOK | bench soak GATEWAY [MINUTES]"
        + " | bench channels GATEWAY COUNT [SEED] | bench connections GATEWAY [IDLE STREAMING] | bench fuzz url COUNT [SEED]"
        + " | bench streams COUNT [SEED] | bench frames GATEWAY COUNT [SEED [DIALECT]]"
        + " | bench fuzz media SAMPLES GATEWAY COUNT [SEED [KIND]] | bench media FOLDER GATEWAY [PICTURES]   (see tests/bench/run)");
    return 1;
}
