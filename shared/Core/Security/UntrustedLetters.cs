namespace OpenClaw.Security;

/// <summary>What looks like a letter of the boundary markers: in other scripts (Greek, Cyrillic, Armenian, Hebrew, Cherokee, Coptic, Lisu,
/// Canadian syllabics, Old Italic, Runic and more), under an accent, as a digit, a symbol or a small capital. Source: the confusables of
/// Unicode UTS 39, for these letters.</summary>
internal static class UntrustedLetters
{
    /// <summary>The letter, and behind it what looks like it.</summary>
    private static readonly string[] Rows =
    [
        "AᗩАΑᴀᴬ4@ÀÁÂÃÄÅĀĂĄǍǞǠȀȂȦɐɑΆἈἉᗅᎪꓮⲀⲁ𐊠𐌀𖽀ẠẢẤẦẨẪẬẮẰẲẴẶₐᵃªӐӒ",
        "CСϹᴄℂÇĆĈĊČƇȻɔϲ⊂ⅭⅽᏟꓚⲤⲥ𐊢𐌂𐐕ᑕᶜ¢©",
        "DԀԁᴅᴰÐĎĐƉƊɗᎠꓓⅮⅾᗞᗪᵈ∂",
        "EᗴЕЁΕΣᴇℰᴱ3ÈÉÊËĒĔĖĘĚẼƎƏȄȆȨɛəɘϵЄЭεέᎬꓰⲈⲉ𐊆𐌄⋿ⴹ€ẸẺẾỀỂỄỆₑᵉѐҼӖԐ∈ℯєɜз",
        "LᛚІӀΙʟℒℓᴸ1|ĹĻĽŁƖǀɩıìíîïĪĬĮİΊΪⅬⅼᏞꓡⳐᒪ𐌋𐐛ᛁ∣ⵏ׀וןˡḶḺ!¦ⅠⅰꓲⲒ",
        "NΝИПɴℕᴺÑŃŅŇƝȠŊŋηήпиᴎꓠⲚ𐔓ᑎՈոռⁿṄṆṈ∩",
        "OОΟՕᴏᴼ0ÒÓÔÕÖØŌŎŐƟƠǑǪȌȎȪȬȮȰΌσόοօⲞⲟꓳ𐊒𐊫𐐄ⵔ〇ⓄᎾߋ౦०০੦૦୦௦೦൦๐໐၀○◯●₀⁰ºᵒ",
        "OₒọỏốồổỗộớờởỡợỌỎ☉ѲѳӦ°𐌏ס",
        "RЯʀℝℛℜᴿŔŖŘƦȐȒɌяɾɼɿгᏒᎡꓣᖇ𐒴ᚱṘṚṜ®ʳᵣ𖼵",
        "SЅՏꜱ5$ŚŜŞŠƧȘѕʂςᏚᏕꓢ𐊖𐐠Ⴝ§ṠṢˢₛ∫",
        "TТΤᴛᵀ7ŢŤŦƬƮȚτтᎢꓔⲦ𐊗𐊱𐌕⊤⟙†ṪṬṮᵗₜ𖼊ͲҬ✝",
        "UҮΥՍᴜᵁÙÚÛÜŨŪŬŮŰŲƯǓȔȖɄυύʋμսᑌ∪⋃ꓴ𐓎ṲṴṶᵘᵤцЦ",
        "XХΧẊẌχхӼҲꓫⲬⵝᚷ╳×✕✖✗✘𐊐𐊴𐌗𐌢Ⅹⅹˣₓẋ᙮",
    ];

    private static readonly Dictionary<int, char> Lookalikes = Rows
        .SelectMany(row => row.EnumerateRunes().Skip(1).Select(rune => (rune.Value, Plain: row[0])))
        .ToDictionary(pair => pair.Value, pair => pair.Plain);

    /// <summary>The letter that a character looks like.</summary>
    public static bool TryFind(int value, out char letter) => Lookalikes.TryGetValue(value, out letter);
}
