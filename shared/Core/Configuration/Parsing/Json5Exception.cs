namespace OpenClaw.Configuration.Parsing;

/// <summary>Text that is not JSON5. The message says what was expected, never what was found.</summary>
internal sealed class Json5Exception(ConfigProblem problem) : Exception(problem.Message)
{
    public ConfigProblem Problem => problem;
}
