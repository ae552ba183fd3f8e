using System.Reflection;
using System.Text.RegularExpressions;
using OpenClaw.Runs;
using OpenClaw.Tests.Support;
using Xunit;

namespace OpenClaw.Tests.Architecture;

/// <summary>The places that everything must go through: rights at the moment of use, and the memory for bodies. A new surface that goes
/// past one fails here.</summary>
public partial class SeamTests
{
    [Fact]
    [Trait("Feature", "T37")]
    public void Only_admission_makes_a_run_that_may_begin() =>
        Assert.Empty(typeof(AdmittedRun).GetConstructors(BindingFlags.Instance | BindingFlags.Public));

    [Fact]
    [Trait("Feature", "T37")]
    public void Only_admission_constructs_one_and_it_asks_for_the_rights_of_now()
    {
        Assert.Equal(["RunAdmission.cs"], FilesWith(@"new AdmittedRun\("));
        Assert.Contains("rights.RequireAsync(", Text("shared/Core/Runs/RunAdmission.cs"), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Feature", "T37")]
    public void Models_are_called_by_runs_that_are_watched_and_by_calls_of_the_gateways_own_that_are_checked()
    {
        Assert.Equal(
            ["ModelAnswer.cs", "OwnModelCalls.cs"],
            FilesWith(@"\.Client\.Get(Streaming)?ResponseAsync\(|\.GetStreamingResponseAsync\(").Where(f => !IsIn("Models", f)));
        Assert.Contains("rights.Watch(", Text("shared/Core/Runs/RunEngine.cs"), StringComparison.Ordinal);
        Assert.Contains("rights.RequireAsync(", Text("shared/Core/Runs/Context/OwnModelCalls.cs"), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Feature", "T37")]
    public void Runs_are_queued_in_one_place_which_takes_an_admitted_run()
    {
        Assert.Equal(["RunControl.cs"], FilesWith(@"\binbox\.AcceptAsync\("));
        Assert.Contains(
            typeof(OpenClaw.Runs.Durable.RunControl).GetMethods().Single(m => m.Name == "AcceptAsync").GetParameters(),
            p => p.ParameterType == typeof(AdmittedRun));
    }

    /// <summary>A connection lives longer than its request: what it does must not use the caller of the upgrade.</summary>
    [Fact]
    [Trait("Feature", "T37")]
    public void A_room_that_accepts_websockets_checks_each_turn_and_counts_it()
    {
        foreach (var file in FilesWith(@"AcceptWebSocketAsync\(", paths: true))
        {
            var room = Directory.EnumerateFiles(RoomOf(file), "*.cs", SearchOption.AllDirectories).Select(File.ReadAllText).ToList();
            Assert.Contains(room, text => text.Contains(".BeginTurnAsync(", StringComparison.Ordinal)
                || text.Contains("Rights.RequireAsync(", StringComparison.Ordinal));
            Assert.Contains(room, text => text.Contains(".BeginTurnAsync(", StringComparison.Ordinal)
                || text.Contains("limiter.TakeAsync(", StringComparison.Ordinal));
            Assert.Contains(room, text => text.Contains(".Ended", StringComparison.Ordinal));
            Assert.Contains(room, text => text.Contains("bodies.Open(", StringComparison.Ordinal));
        }
    }

    [Fact]
    [Trait("Feature", "T38")]
    public void Bodies_are_read_in_three_places_which_count_them()
    {
        Assert.Equal(
            ["BodyReading.cs", "JsonBody.cs", "MediaBody.cs", "RawBody.cs"], // the first is how the others read
            FilesWith(
                @"[rR]equest\.(Body|BodyReader|Form|ReadFormAsync)\b|ReadFromJsonAsync|EnableBuffering|\.BodyStream\(|eader\.ReadBodyAsync\(",
                "shared/Gateway"));
        Assert.Contains("BodyLease()", Text("shared/Gateway/Wire/JsonBody.cs"), StringComparison.Ordinal);
        Assert.Contains("BodyLease()", Text("shared/Gateway/Media/MediaBody.cs"), StringComparison.Ordinal);
        Assert.Contains("BodyLease()", Text("shared/Gateway/Wire/RawBody.cs"), StringComparison.Ordinal);
    }

    /// <summary>The folder of a surface: the one below <c>shared/Gateway</c>.</summary>
    private static string RoomOf(string file)
    {
        var gateway = Path.Combine(Repository.Root, "shared/Gateway");
        return Path.Combine(gateway, Path.GetRelativePath(gateway, file).Split(Path.DirectorySeparatorChar)[0]);
    }

    private static bool IsIn(string room, string file) =>
        Directory.EnumerateFiles(Path.Combine(Repository.Root, "shared/Core", room), file, SearchOption.AllDirectories).Any();

    private static string Text(string path) => File.ReadAllText(Path.Combine(Repository.Root, path));

    private static IEnumerable<string> FilesWith(string pattern, string folder = "shared", bool paths = false) =>
        Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.cs", SearchOption.AllDirectories)
            .Where(f => !OwnOutput().IsMatch(f) && Regex.IsMatch(File.ReadAllText(f), pattern))
            .Select(f => paths ? f : Path.GetFileName(f)).Order(StringComparer.Ordinal);

    [GeneratedRegex(@"[/\\](bin|obj)[/\\]")]
    private static partial Regex OwnOutput();
}
