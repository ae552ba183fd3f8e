using System.Text.RegularExpressions;
using OpenClaw.Functions;
using OpenClaw.Tests.Support;
using Xunit;

namespace OpenClaw.Tests.Architecture;

/// <summary>The rules of the house that the compiler does not see.</summary>
public partial class DependencyTests
{
    /// <summary>Floors of the core from the bottom up; rooms of one entry share a floor and may use each other.</summary>
    private static readonly string[][] Floors =
    [
        ["Errors", "Text"],
        ["Configuration", "Storage", "SignalR", "Telemetry"],
        ["Sessions", "Security", "Devices", "Outbound"],
        ["Agents", "Tools", "Models", "Media", "Usage"],
        ["Runs", "Schedules", "Plugins"],
    ];

    /// <summary>What the rooms of the gateway stand on. The other rooms, one for each surface, do not know each other.</summary>
    private static readonly string[][] GatewayFloors = [["Wire"], ["Pipeline"], ["Runs"]];

    [Fact]
    public void No_room_of_the_core_uses_one_above_it()
    {
        var violations =
            from file in SourceFiles("shared/Core")
            let room = RoomOf("shared/Core", file)
            from used in Used(file, CoreUsings())
            where FloorOf(Floors, used) > FloorOf(Floors, room)
            select $"{room}/{Path.GetFileName(file)} uses {used}";
        Assert.Empty(violations);
    }

    [Fact]
    public void A_surface_uses_no_other_surface()
    {
        var violations =
            from file in SourceFiles("shared/Gateway")
            let room = RoomOf("shared/Gateway", file)
            where room.Length > 0 // the registration of all rooms
            from used in Used(file, GatewayUsings())
            where used != room && (FloorOf(GatewayFloors, used) < 0
                || (FloorOf(GatewayFloors, room) is >= 0 and var floor && FloorOf(GatewayFloors, used) > floor))
            select $"{room}/{Path.GetFileName(file)} uses {used}";
        Assert.Empty(violations);
    }

    [Fact]
    public void Every_room_of_the_core_has_its_floor() =>
        Assert.All(
            Directory.GetDirectories(Path.Combine(Repository.Root, "shared/Core")).Select(Path.GetFileName).Where(
                f => f is not ("bin" or "obj")),
            room => Assert.True(FloorOf(Floors, room!) >= 0, $"shared/Core/{room} stands on no floor"));

    [Fact]
    public void Every_trigger_class_is_registered_and_declares_its_auth_class()
    {
        var catalog = GatewayFunctions.Create();
        var registered = catalog.Http.Select(f => f.Name).Concat(catalog.Timers.Select(t => t.Name)).Concat(
            catalog.Queues.Select(q => q.Name));
        var declared = SourceFiles("functions").Where(f => f.Contains("Triggers", StringComparison.Ordinal)).Select(
            Path.GetFileNameWithoutExtension);
        Assert.Equal(declared.Order(StringComparer.Ordinal), registered.Order(StringComparer.Ordinal));
        Assert.All(catalog.Http, f => Assert.NotNull(f.Auth));
    }

    [Fact]
    [Trait("Feature", "T3")]
    public void A_function_without_an_auth_class_is_refused() =>
        Assert.Contains(
            "auth class",
            Assert.Throws<InvalidOperationException>(
                () => new FunctionCatalog().Add<Unguarded>(static (_, _, _) => throw new NotSupportedException())).Message,
            StringComparison.Ordinal);

    [Fact]
    [Trait("Feature", "T8")]
    public void Secrets_are_compared_by_digest_in_one_place() =>
        Assert.Equal(
            ["Secret.cs", "SignatureBytes.cs"],
            SourceFiles("shared").Where(f => File.ReadAllText(f).Contains("FixedTimeEquals", StringComparison.Ordinal)).Select(
                Path.GetFileName));

    /// <summary>Whose address no caller, model or webhook has a say in: the operator's configuration or the platform gives it.</summary>
    private static readonly Dictionary<string, string> OwnConnections = new()
    {
        ["shared/Gateway/Channels/ChannelHttp.cs"] = "the APIs of chat platforms, at their configured addresses",
        ["shared/Gateway/Runs/SelfCallDispatcher.cs"] = "the gateway itself, at its configured address",
        ["shared/Core/Models/Upstream/ProviderTransport.cs"] = "model providers, at their configured base URLs",
        ["shared/Core/Tools/Mcp/McpHttp.cs"] = "MCP servers, at their configured addresses",
        ["shared/Core/SignalR/SignalRClient.cs"] = "the SignalR Service of the connection string",
        ["shared/Core/Storage/StorageAccount.cs"] = "the storage account of the connection string",
        ["functions/Cli/GatewayApi.cs"] = "a running gateway, at the address that the operator names",
        ["functions/Cli/Dev/AzuriteTls.cs"] = "the local emulator",
        ["functions/Hosts/FunctionsWorker/HostWatch.cs"] = "the Functions host that started the worker",
    };

    [Fact]
    [Trait("Feature", "T25")]
    public void Connections_to_addresses_of_others_are_made_in_one_folder()
    {
        var found = SourceFiles("shared").Concat(SourceFiles("functions"))
            .Where(f => Connections().IsMatch(File.ReadAllText(f)))
            .Select(f => Path.GetRelativePath(Repository.Root, f).Replace(Path.DirectorySeparatorChar, '/'))
            .Where(f => !f.StartsWith("shared/Core/Outbound/", StringComparison.Ordinal));
        Assert.Equal(OwnConnections.Keys.Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Only_rows_touch_table_entities_and_only_the_storage_folder_the_rest_of_its_sdks()
    {
        var outside = SourceFiles("shared").Concat(SourceFiles("functions"))
            .Where(f => !f.Contains(
                $"{Path.DirectorySeparatorChar}Storage{Path.DirectorySeparatorChar}", StringComparison.Ordinal)).ToList();
        Assert.Empty(outside
            .Where(f => !Path.GetFileName(f).EndsWith("Row.cs", StringComparison.Ordinal)
                && !Path.GetFileName(f).EndsWith("Head.cs", StringComparison.Ordinal))
            .Where(f => TableSdk().IsMatch(File.ReadAllText(f))).Select(Path.GetFileName));
        Assert.Empty(outside.Where(f => Path.GetFileName(f) != "SignalRClient.cs") // on the same pipeline
            .Where(f => OtherStorageSdk().IsMatch(File.ReadAllText(f))).Select(Path.GetFileName));
    }

    [Fact]
    public void The_clock_is_injected() =>
        Assert.Empty(SourceFiles("shared").Concat(SourceFiles("functions"))
            .Where(f => File.ReadAllText(f) is var text
                && (text.Contains("DateTime.UtcNow", StringComparison.Ordinal)
                    || text.Contains("DateTimeOffset.UtcNow", StringComparison.Ordinal)))
            .Select(Path.GetFileName));

    private static IEnumerable<string> SourceFiles(string folder) =>
        Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.cs", SearchOption.AllDirectories)
            .Where(f => !f.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal)
                && !f.Contains($"{Path.DirectorySeparatorChar}bin{Path.DirectorySeparatorChar}", StringComparison.Ordinal));

    private static string RoomOf(string library, string file) =>
        Path.GetRelativePath(Path.Combine(Repository.Root, library), file).Split(Path.DirectorySeparatorChar) is [var room, _, ..] ? room
            : "";

    private static int FloorOf(string[][] floors, string room) => Array.FindIndex(floors, floor => floor.Contains(room));

    private static IEnumerable<string> Used(string file, Regex usings) =>
        usings.Matches(File.ReadAllText(file)).Select(m => m.Groups[1].Value);

    [GeneratedRegex(@"^using (?:static )?OpenClaw\.(\w+)", RegexOptions.Multiline)]
    private static partial Regex CoreUsings();

    [GeneratedRegex(@"^using (?:static )?OpenClaw\.Gateway\.(\w+)", RegexOptions.Multiline)]
    private static partial Regex GatewayUsings();

    [GeneratedRegex(@"\bTableEntity\b|Azure\.Data\.Tables")]
    private static partial Regex TableSdk();

    [GeneratedRegex(@"Azure\.Storage\.|\bRequestFailedException\b")]
    private static partial Regex OtherStorageSdk();

    [GeneratedRegex(@"\b(HttpClient|SocketsHttpHandler|HttpClientHandler|HttpMessageInvoker|TcpClient|ClientWebSocket|IHttpClientFactory|WebRequest|Dns)\b|new Socket\(")]
    private static partial Regex Connections();

    public sealed class Unguarded
    {
        [Microsoft.Azure.Functions.Worker.Function("Unguarded")]
        public static Task<Microsoft.AspNetCore.Http.IResult> RunAsync(
            [Microsoft.Azure.Functions.Worker.HttpTrigger(
                Microsoft.Azure.Functions.Worker.AuthorizationLevel.Anonymous, "get", Route = "x")]
            Microsoft.AspNetCore.Http.HttpRequest request) => throw new NotSupportedException(request.Path);
    }
}
