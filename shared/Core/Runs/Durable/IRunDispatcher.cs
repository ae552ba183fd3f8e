namespace OpenClaw.Runs.Durable;

/// <summary>Has the waiting runs of a session executed, on this or another instance, without making the caller wait.</summary>
public interface IRunDispatcher
{
    void Dispatch(string partition);
}
