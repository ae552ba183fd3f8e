namespace OpenClaw.Gateway.Hooks.Transforms;

/// <summary>Finds the JavaScript file of a transform below <c>hooks.transformsDir</c>.</summary>
internal static class TransformFile
{
    public const int MaxBytes = 256 * 1024;

    /// <summary>Reads a file of the directory.</summary>
    /// <param name="module">A path below the directory.</param>
    /// <exception cref="TransformException">There is no such file there, or it is too large. Links out of the directory count as no
    /// file.</exception>
    public static string Read(string directory, string module)
    {
        var root = Path.GetFullPath(directory) + Path.DirectorySeparatorChar;
        var path = Path.GetFullPath(Path.Combine(root, module));
        try
        {
            var file = new FileInfo(path);
            var real = file.ResolveLinkTarget(returnFinalTarget: true) ?? file;
            if (!path.StartsWith(root, StringComparison.Ordinal) || !file.Exists || !IsBelow(real.FullName, root))
            {
                throw new TransformException($"There is no file '{module}' in hooks.transformsDir.");
            }

            return file.Length <= MaxBytes ? File.ReadAllText(path)
                : throw new TransformException($"The file '{module}' is larger than {MaxBytes} bytes.");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new TransformException($"The file '{module}' cannot be read.", failure);
        }
    }

    private static bool IsBelow(string path, string root)
    {
        var realRoot = (new DirectoryInfo(root).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? root)
            .TrimEnd(Path.DirectorySeparatorChar) + Path.DirectorySeparatorChar;
        return path.StartsWith(realRoot, StringComparison.Ordinal) || path.StartsWith(root, StringComparison.Ordinal);
    }
}
