using OpenClaw.Bench;

// bench upstream | proxy URL: the two servers, each in a process of its own, on a free port that they print.
// bench run GATEWAY: measures the gateway executable against the proxy of this same build.
return args switch
{
    ["upstream"] => await CannedUpstream.RunAsync(),
    ["proxy", var upstream] => await PassThroughProxy.RunAsync(upstream),
    ["run", var gateway] => await Comparison.RunAsync(gateway),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("usage: bench run PATH_OF_OPENCLAW   (see tests/bench/run)");
    return 1;
}
