using System.Net;

namespace OpenClaw.Outbound;

/// <param name="Remote">Who is at the other end, as the operating system says.</param>
public sealed record OutboundConnection(Stream Stream, IPEndPoint? Remote);
