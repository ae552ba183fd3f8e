using System.Globalization;
using OpenClaw.Bench;

// bench upstream | proxy URL: the two servers, each in a process of its own, on a free port that they print.
// bench run GATEWAY: measures the gateway executable against the proxy of this same build.
// bench soak GATEWAY [MINUTES]: kills one of two gateways now and then under load, and looks for what is lost or doubled.
// bench fuzz image COUNT GATEWAY [SEED]: changed images through the header reader and the media worker.
return args switch
{
    ["upstream"] => await CannedUpstream.RunAsync(),
    ["proxy", var upstream] => await PassThroughProxy.RunAsync(upstream),
    ["run", var gateway] => await Comparison.RunAsync(gateway),
    ["soak", var gateway] => await Soak.RunAsync(gateway, 10),
    ["soak", var gateway, var minutes] => await Soak.RunAsync(gateway, double.Parse(minutes, CultureInfo.InvariantCulture)),
    ["fuzz", "image", var count, var gateway] => await ImageFuzz.RunAsync(gateway, Number(count), 1),
    ["fuzz", "image", var count, var gateway, var seed] => await ImageFuzz.RunAsync(gateway, Number(count), Number(seed)),
    _ => Usage(),
};

static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

static int Usage()
{
    Console.Error.WriteLine("usage: bench run PATH_OF_OPENCLAW | bench soak PATH_OF_OPENCLAW [MINUTES] | bench fuzz image COUNT PATH_OF_OPENCLAW [SEED]   (see tests/bench/run)");
    return 1;
}
