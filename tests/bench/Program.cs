using System.Globalization;
using OpenClaw.Bench;

// bench upstream | proxy URL: the two servers, each in a process of its own, on a free port that they print.
// bench run GATEWAY: measures the gateway executable against the proxy of this same build.
// bench worker FOLDER...: deployed apps (infra/package, or a publish) under the stand-in Functions host, compared with the first.
// bench stored GATEWAY HOOK: what stored turns, stored responses and storage calls cost.
// bench soak GATEWAY [MINUTES]: kills one of two gateways now and then under load, and looks for what is lost or doubled.
// bench fuzz url COUNT [SEED]: fetches mutated URLs over a network that only takes notes.
// bench fuzz pdf N [SEED]: damages PDFs and reads them. bench fuzz pdf-case NUMBER SEED: writes one of them to stdout.
// bench fuzz image COUNT GATEWAY [SEED]: changed images through the header reader and the media worker.
return args switch
{
    ["upstream"] => await CannedUpstream.RunAsync(),
    ["proxy", var upstream] => await PassThroughProxy.RunAsync(upstream),
    ["run", var gateway] => await Comparison.RunAsync(gateway),
    ["worker", .. var folders] when folders.Length > 0 => await WorkerBench.RunAsync(folders),
    ["stored", var gateway, var hook] => await StoredTurns.RunAsync(gateway, hook),
    ["soak", var gateway] => await Soak.RunAsync(gateway, 10),
    ["soak", var gateway, var minutes] => await Soak.RunAsync(gateway, double.Parse(minutes, CultureInfo.InvariantCulture)),
    ["fuzz", "url", var count] => await UrlFuzz.RunAsync(Number(count), Random.Shared.Next()),
    ["fuzz", "url", var count, var seed] => await UrlFuzz.RunAsync(Number(count), Number(seed)),
    ["fuzz", "pdf", var count] => await PdfFuzz.RunAsync(Number(count), 1),
    ["fuzz", "pdf", var count, var seed] => await PdfFuzz.RunAsync(Number(count), Number(seed)),
    ["fuzz", "pdf-case", var number, var seed] => await PdfFuzz.WriteAsync(Number(number), Number(seed)),
    ["fuzz", "image", var count, var gateway] => await ImageFuzz.RunAsync(gateway, Number(count), 1),
    ["fuzz", "image", var count, var gateway, var seed] => await ImageFuzz.RunAsync(gateway, Number(count), Number(seed)),
    _ => Usage(),
};

static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

static int Usage()
{
    Console.Error.WriteLine(
        "usage: bench run GATEWAY | bench worker FOLDER... | bench stored GATEWAY HOOK | bench soak GATEWAY [MINUTES] | bench fuzz url|pdf COUNT [SEED] | bench fuzz image COUNT GATEWAY [SEED]   (see tests/bench/run)");
    return 1;
}
