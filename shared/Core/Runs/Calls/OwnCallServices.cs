using OpenClaw.Tools;
using OpenClaw.Tools.Approvals;
using OpenClaw.Tools.Policy;

namespace OpenClaw.Runs.Calls;

/// <summary>What calls of the gateway's tools are made with.</summary>
public sealed record OwnCallServices(ToolPolicy Policy, ApprovalStore Approvals, ToolInvoker Invoker);
