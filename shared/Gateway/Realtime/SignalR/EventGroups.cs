using OpenClaw.Gateway.Realtime.Simple;
using OpenClaw.Security;
using OpenClaw.Sessions;

namespace OpenClaw.Gateway.Realtime.SignalR;

/// <summary>The groups of SignalR Service. A connection is in those whose events it asked for and may see; whom an event concerns is
/// decided when a group is joined. The owner of a session and the operator know it by different names, so each has groups of its
/// own.</summary>
internal static class EventGroups
{
    /// <summary><c>chat</c> and <c>agent</c> events of a session.</summary>
    public static string Runs(SessionKey session, bool isOwn) => $"run:{Side(isOwn)}:{session.Partition}";

    /// <summary><c>session.tool</c> events of a session.</summary>
    public static string Tools(SessionKey session, bool isOwn) => $"tool:{Side(isOwn)}:{session.Partition}";

    /// <summary>Events of a session in the simple dialect.</summary>
    /// <param name="kind">See <see cref="SimpleEvents.Kinds"/>.</param>
    public static string Simple(SessionKey session, string kind, bool isOwn) => $"smp:{kind}:{Side(isOwn)}:{session.Partition}";

    /// <summary><c>session.message</c> of a session.</summary>
    public static string Messages(SessionKey session, bool isOwn) => $"msg:{Side(isOwn)}:{session.Partition}";

    /// <summary><c>sessions.changed</c> of the sessions of one owner.</summary>
    public static string ListOf(string owner) => $"list:own:{Secret.HashName(owner)}";

    /// <summary><c>sessions.changed</c> of everyone's sessions.</summary>
    public const string WholeList = "list:all";

    /// <summary>Events for all who have a scope.</summary>
    public static string Scoped(Scope scope) => $"scope:{Scopes.NameOf(scope)}";

    /// <summary>The connections of a device, to end them.</summary>
    public static string Device(string id) => $"dev:{id}";

    /// <summary>The connections of a named key, to end them.</summary>
    public static string Key(string id) => $"key:{id}";

    /// <summary>The scopes that have events of their own.</summary>
    public static IEnumerable<string> OfScopes(Scope granted) =>
        new[] { Scope.OperatorPairing, Scope.OperatorApprovals }.Where(scope => granted.Covers(scope)).Select(Scoped);

    private static string Side(bool isOwn) => isOwn ? "own" : "all";
}
