namespace OpenClaw.Tests.Support.Realtime.Fuzz;

/// <summary>What honest clients send.</summary>
internal static class FrameSamples
{
    public static IReadOnlyList<string> Requests { get; } =
    [
        Request("health"), Request("status"), Request("system-presence"), Request("config.get"), Request("tasks.list"),
        Request("device.pair.list"), Request("last-heartbeat"), Request("usage.status"),
        Request("models.list", """{"view":"configured"}"""),
        Request("agents.list"), Request("agent.identity.get", """{"agentId":"main"}"""),
        Request("commands.list", """{"agentId":"main"}"""), Request("usage.cost", """{"days":7}"""),
        Request(
            "chat.send", """{"sessionKey":"main","message":"hi","idempotencyKey":"k1","thinking":"low","attachments":[],"timeoutMs":1000}"""),
        Request("chat.history", """{"sessionKey":"main","limit":3,"maxBytes":1000,"cursor":"x"}"""),
        Request("chat.startup", """{"sessionKey":"main","limit":80,"maxBytes":262144}"""),
        Request("chat.abort", """{"sessionKey":"main","runId":"k1"}"""), Request("chat.metadata", """{"sessionKey":"main"}"""),
        Request("agent", """{"message":"hi","idempotencyKey":"k2","sessionKey":"agent:main:fuzz","timeout":5}"""),
        Request("agent.wait", """{"runId":"k1","timeoutMs":1}"""),
        Request("sessions.list", """{"limit":10,"offset":0,"includeDerivedTitles":true,"includeLastMessage":true,"agentId":"main"}"""),
        Request("sessions.get", """{"key":"main","limit":2}"""), Request("sessions.describe", """{"key":"main"}"""),
        Request("sessions.preview", """{"keys":["main","other"],"limit":2,"maxChars":100}"""),
        Request("sessions.resolve", """{"key":"main"}"""), Request("sessions.subscribe"), Request("sessions.unsubscribe"),
        Request("sessions.messages.subscribe", """{"key":"main"}"""), Request("sessions.messages.unsubscribe", """{"key":"main"}"""),
        Request("sessions.create", """{"key":"agent:main:made","label":"made"}"""),
        Request("sessions.patch", """{"key":"main","label":"named","archived":false}"""),
        Request("sessions.reset", """{"key":"agent:main:made","reason":"new"}"""),
        Request("sessions.delete", """{"key":"agent:main:made"}"""),
        Request("sessions.abort", """{"key":"main"}"""), Request("tasks.get", """{"taskId":"k1"}"""),
        Request("device.pair.approve", """{"requestId":"x"}"""), Request("device.pair.rename", """{"deviceId":"x","label":"y"}"""),
        Request("device.token.revoke", """{"deviceId":"x","role":"operator"}"""), Request("no.such.method"),
    ];

    public static IReadOnlyList<string> Simple { get; } =
    [
        """{"type":"message","channel":"api","content":"hi","sessionId":"fuzz"}""", """{"type":"message","content":"hi"}""",
        """{"type":"ping"}""", """{"type":"subscribe","events":["message","status"]}""", """{"type":"auth","token":"x"}""",
        """{"type":"req","id":"1","method":"health"}""",
    ];

    public static string Connect(string token) => $$$"""
        {"type":"req","id":"c","method":"connect","params":{"minProtocol":4,"maxProtocol":4,"role":"operator","caps":["tool-events"],
        "client":{"id":"gateway-client","version":"1.0.0","platform":"linux","mode":"backend","instanceId":"i","timeZone":"UTC"},
        "scopes":["operator.admin"],"auth":{"token":"{{{token}}}"},"locale":"en","userAgent":"fuzz"}}
        """;

    private static string Request(string method, string parameters = "{}") =>
        $$"""{"type":"req","id":"1","method":"{{method}}","params":{{parameters}}}""";
}
