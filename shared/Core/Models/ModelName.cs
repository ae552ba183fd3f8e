namespace OpenClaw.Models;

/// <summary>What a caller may name as a model. The name goes into URLs of some providers, where a part of dots would climb to another
/// path, and into headers and logs.</summary>
internal static class ModelName
{
    private const int MaxLength = 512;

    public static bool IsSafe(string name)
    {
        if (name.Length is 0 or > MaxLength || name.Any(char.IsControl))
        {
            return false;
        }

        foreach (var part in name.Split('/', '\\'))
        {
            if (part.Length > 0 && part.All(c => c == '.' || char.IsWhiteSpace(c)))
            {
                return false;
            }
        }

        return true;
    }
}
