using System.Text.Json.Serialization;

namespace OpenClaw.Gateway.Channels.WhatsApp;

/// <summary>What Meta sends to a webhook, as far as it is used. Source: WhatsApp Business Platform, Cloud API, "Webhooks".</summary>
internal sealed record WhatsAppDelivery(IReadOnlyList<WhatsAppEntry?>? Entry);

internal sealed record WhatsAppEntry(IReadOnlyList<WhatsAppChange?>? Changes);

/// <param name="Field"><c>messages</c> for messages and their statuses.</param>
internal sealed record WhatsAppChange(string? Field, WhatsAppValue? Value);

internal sealed record WhatsAppValue
{
    public WhatsAppMetadata? Metadata { get; init; }

    public IReadOnlyList<WhatsAppContact?>? Contacts { get; init; }

    public IReadOnlyList<WhatsAppMessage?>? Messages { get; init; }
}

internal sealed record WhatsAppMetadata(string? PhoneNumberId);

internal sealed record WhatsAppContact(string? WaId, WhatsAppProfile? Profile);

internal sealed record WhatsAppProfile(string? Name);

/// <param name="Id">Unique, and the same when it is delivered again.</param>
/// <param name="From">The person's number, digits only.</param>
/// <param name="Timestamp">Unix time in seconds, as text.</param>
internal sealed record WhatsAppMessage(string? Id, string? From, string? Timestamp)
{
    /// <summary>Set for messages in groups.</summary>
    public string? GroupId { get; init; }

    public WhatsAppWords? Text { get; init; }

    public WhatsAppFile? Image { get; init; }

    public WhatsAppFile? Sticker { get; init; }

    public WhatsAppFile? Document { get; init; }

    public WhatsAppFile? Audio { get; init; }

    public WhatsAppFile? Video { get; init; }

    /// <summary>A press on the button of a template.</summary>
    public WhatsAppButton? Button { get; init; }

    /// <summary>A choice from buttons or a list.</summary>
    public WhatsAppChoice? Interactive { get; init; }
}

internal sealed record WhatsAppWords(string? Body);

internal sealed record WhatsAppFile(string? Id, string? MimeType, string? Filename, string? Caption);

internal sealed record WhatsAppButton(string? Text);

internal sealed record WhatsAppChoice(WhatsAppOption? ButtonReply, WhatsAppOption? ListReply);

internal sealed record WhatsAppOption(string? Title);

/// <summary>A message to a person, a sign of typing, or what is asked about the own number. What is null is left out.</summary>
/// <param name="To">The person's number.</param>
internal sealed record WhatsAppRequest(string? To = null)
{
    public string MessagingProduct { get; init; } = "whatsapp";

    /// <summary>The kind of message, and the name of the property that holds it.</summary>
    public string? Type { get; init; }

    public WhatsAppBody? Text { get; init; }

    public WhatsAppUpload? Image { get; init; }

    public WhatsAppUpload? Audio { get; init; }

    public WhatsAppUpload? Video { get; init; }

    public WhatsAppUpload? Document { get; init; }

    /// <summary><c>read</c>, together with <see cref="MessageId"/>.</summary>
    public string? Status { get; init; }

    public string? MessageId { get; init; }

    public WhatsAppTyping? TypingIndicator { get; init; }
}

internal sealed record WhatsAppBody(string Body);

/// <param name="Filename">For documents only.</param>
internal sealed record WhatsAppUpload(string Id, string? Filename = null);

internal sealed record WhatsAppTyping(string Type);

/// <summary>What the API answers, of all calls.</summary>
/// <param name="Id">Of an uploaded file.</param>
/// <param name="Url">Of a file that a person sent; valid for five minutes.</param>
/// <param name="DisplayPhoneNumber">Of the own number.</param>
internal sealed record WhatsAppAnswer(string? Id, string? Url, string? MimeType, string? DisplayPhoneNumber)
{
    public WhatsAppError? Error { get; init; }
}

/// <param name="Code">Meta's number, such as 131047: the person has not written within 24 hours.</param>
internal sealed record WhatsAppError(int Code);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(WhatsAppDelivery))]
[JsonSerializable(typeof(WhatsAppRequest))]
[JsonSerializable(typeof(WhatsAppAnswer))]
internal sealed partial class WhatsAppJson : JsonSerializerContext;
