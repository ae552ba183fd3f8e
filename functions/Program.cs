// Started by a gateway for files of strangers it is nothing but a decoder.
using OpenClaw.Functions.Cli.Commands;
using OpenClaw.Functions.Hosts.FunctionsWorker;
using OpenClaw.Functions.MediaWorker;
using OpenClaw.Media.Worker;

if (args is [MediaWorkerOptions.Command, ..])
{
    return MediaWorkerProcess.Run(args.AsSpan(1));
}

// Started by the Functions host the process is its worker; otherwise it is the command line.
return FunctionsWorkerHost.IsStartedByHost(args)
    ? await WorkerStart.RunAsync(args)
    : await CommandLine.RunAsync(args);
