using System.Globalization;
using OpenClaw.Bench;

// bench upstream | proxy URL: the two servers, each in a process of its own, on a free port that they print.
// bench run GATEWAY: measures the gateway executable against the proxy of this same build.
// bench soak GATEWAY [MINUTES]: kills one of two gateways now and then under load, and looks for what is lost or doubled.
// bench fuzz url COUNT [SEED]: fetches mutated URLs over a network that only takes notes.
return args switch
{
    ["upstream"] => await CannedUpstream.RunAsync(),
    ["proxy", var upstream] => await PassThroughProxy.RunAsync(upstream),
    ["run", var gateway] => await Comparison.RunAsync(gateway),
    ["soak", var gateway] => await Soak.RunAsync(gateway, 10),
    ["soak", var gateway, var minutes] => await Soak.RunAsync(gateway, double.Parse(minutes, CultureInfo.InvariantCulture)),
    ["fuzz", "url", var count] => await UrlFuzz.RunAsync(int.Parse(count, CultureInfo.InvariantCulture), Random.Shared.Next()),
    ["fuzz", "url", var count, var seed] =>
        await UrlFuzz.RunAsync(int.Parse(count, CultureInfo.InvariantCulture), int.Parse(seed, CultureInfo.InvariantCulture)),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("usage: bench run PATH_OF_OPENCLAW | bench soak PATH_OF_OPENCLAW [MINUTES] | bench fuzz url COUNT [SEED]   (see tests/bench/run)");
    return 1;
}
