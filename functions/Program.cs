using OpenClaw.Functions.Cli;
using OpenClaw.Functions.Worker;

// Started by the Functions host the process is its worker; otherwise it is the command line.
return WorkerHost.IsStartedByHost(args)
    ? await WorkerStart.RunAsync(args)
    : await CommandLine.RunAsync(args);
