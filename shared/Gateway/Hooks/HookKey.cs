using OpenClaw.Security;

namespace OpenClaw.Gateway.Hooks;

/// <summary>The sender's name for a call, so that the same call does its work once.</summary>
/// <param name="Subject">Whose keys they are: the hook token's, or a mapping's signed events.</param>
/// <param name="Hash">Shows that another call under the same key is not the same; null takes the call's fields.</param>
internal sealed record HookKey(string Subject, string Route, string Key, string? Hash)
{
    /// <summary>One text for all of it.</summary>
    public string Name => Secret.HashName("hook", Subject, Route, Key);

    /// <summary>The key of one element of a list.</summary>
    public HookKey Of(int index) => this with { Key = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Key}#{index}") };
}
