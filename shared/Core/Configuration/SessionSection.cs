namespace OpenClaw.Configuration;

/// <summary>How long sessions go on.</summary>
public sealed class SessionSection
{
    /// <summary>When a session is reset, unless its type or channel says otherwise.</summary>
    public SessionResetSection Reset { get; set; } = new();

    /// <summary>By <c>direct</c>, <c>group</c> or <c>thread</c>; beats <see cref="Reset"/>.</summary>
    public IReadOnlyDictionary<string, SessionResetSection> ResetByType { get; set; } = new Dictionary<string, SessionResetSection>();

    /// <summary>By channel, such as <c>api</c> or <c>telegram</c>; beats both.</summary>
    public IReadOnlyDictionary<string, SessionResetSection> ResetByChannel { get; set; } = new Dictionary<string, SessionResetSection>();

    /// <summary>Which direct chats share a session: <c>main</c> (all of them, one for each agent), <c>per-peer</c>,
    /// <c>per-channel-peer</c> or <c>per-account-channel-peer</c>.</summary>
    public string DmScope { get; set; } = "main";

    /// <summary>People, by a name of the owner's choice: their ids, such as <c>telegram:42</c>. In direct chats all of them count as one
    /// sender of that name.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> IdentityLinks { get; set; } =
        new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>Days after its last turn when a session expires; null keeps it.</summary>
    public int? TtlDays { get; set; }
}

public sealed class SessionResetSection
{
    /// <summary><c>none</c>, <c>daily</c> (at <see cref="AtHour"/>) or <c>idle</c> (after <see cref="IdleMinutes"/>).</summary>
    public string Mode { get; set; } = "none";

    /// <summary>Hour of the day by the host's clock, 0 to 23.</summary>
    public int AtHour { get; set; } = 4;

    /// <summary>Minutes without a turn.</summary>
    public int IdleMinutes { get; set; } = 60;
}

/// <summary>When the model compacts a long conversation.</summary>
public sealed class CompactionSection
{
    public bool Enabled { get; set; } = true;

    /// <summary>Share of the model's <c>contextWindow</c>, 0.1 to 1, that a prompt may fill.</summary>
    public decimal Threshold { get; set; } = 0.8m;
}
