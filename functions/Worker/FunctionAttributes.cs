// The names and shapes of Microsoft's isolated-worker programming model, so that a move to its packages is
// deleting this folder and adding the references.
#pragma warning disable IDE0130 // namespace on purpose
namespace Microsoft.Azure.Functions.Worker;

/// <summary>Marks a method as a function. Source: isolated-worker programming model.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class FunctionAttribute(string name) : Attribute
{
    /// <summary>Unique in the app: a letter, then letters, digits, <c>_</c> or <c>-</c>; up to 128.</summary>
    public string Name { get; } = name;
}

/// <summary>What the Functions host checks before it forwards a request.</summary>
public enum AuthorizationLevel
{
    Anonymous = 0,
    User = 1,
    Function = 2,
    System = 3,
    Admin = 4,
}

/// <summary>Binds a function to HTTP. Methods are lower case; none means all.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class HttpTriggerAttribute(AuthorizationLevel authLevel, params string[] methods) : Attribute
{
    public AuthorizationLevel AuthLevel { get; } = authLevel;

    public string[] Methods { get; } = methods;

    /// <summary>ASP.NET route template without a leading slash.</summary>
    public string? Route { get; set; }
}

/// <summary>Binds a function to a schedule: six-field NCRONTAB (seconds first).</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class TimerTriggerAttribute(string schedule) : Attribute
{
    public string Schedule { get; } = schedule;

    public bool RunOnStartup { get; set; }

    public bool UseMonitor { get; set; } = true;
}

/// <summary>What a timer function is told about its schedule.</summary>
public sealed class TimerInfo
{
    /// <summary>True when a tick was missed and this one makes up for it.</summary>
    public bool IsPastDue { get; set; }
}
