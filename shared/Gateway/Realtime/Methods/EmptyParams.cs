namespace OpenClaw.Gateway.Realtime.Methods;

/// <summary>Parameters of methods that take none.</summary>
internal sealed record EmptyParams;
