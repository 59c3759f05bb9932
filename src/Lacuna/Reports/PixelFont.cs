namespace Lacuna.Reports;

/// <summary>Letters of 5x7 pixels, for pictures that must look the same on every machine. What has no letter here is drawn as a box.</summary>
internal static class PixelFont
{
    /// <summary>Width of a letter without the gap behind it.</summary>
    public const int Width = 5;

    /// <summary>Height of a letter.</summary>
    public const int Height = 7;

    /// <summary>From a letter's left edge to the next one's.</summary>
    public const int Advance = Width + 1;

    // Seven base-32 digits (0-9, then A-V) a letter: the rows from the top, the leftmost pixel the highest of five bits.
    private const string Shapes =
        "A EHHVHHH B UHHUHHU C EHGGGHE D UHHHHHU E VGGUGGV F VGGUGGG G EHGNHHF H HHHVHHH I E44444E J 72222IC K HIKOKIH L GGGGGGV M HRLLHHH "
        + "N HHPLJHH O EHHHHHE P UHHUGGG Q EHHHLID R UHHUKIH S FGGE11U T V444444 U HHHHHHE V HHHHHA4 W HHHLLLA X HHA4AHH Y HHHA444 Z V1248GV "
        + "a 00E1FHF b GGMPHHU c 00EGGHE d 11DJHHF e 00EHVGE f 698S888 g 0FHHF1E h GGMPHHH i 40C444E j 20622IC k GGIKOKI l C44444E m 00QLLHH "
        + "n 00MPHHH o 00EHHHE p 00UHUGG q 00DJF11 r 00MPGGG s 00FGE1U t 88S8896 u 00HHHJD v 00HHHA4 w 00HHLLA x 00HA4AH y 00HHF1E z 00V248V "
        + "0 EHJLPHE 1 4C4444E 2 EH1248V 3 V2421HE 4 26AIV22 5 VGU11HE 6 68GUHHE 7 V124888 8 EHHEHHE 9 EHHF12C "
        + "- 000V000 _ 000000V . 00000CC , 0000C48 / 01248G0 ' 4480000 ( 2488842 ) 8422248 & CIK8LID + 044V440 : 0CC0CC0 % OP248J3 # AAVAVAA "
        + "! 4444404 ? EH12404 = 00V0V00 * 04LEL40 @ EH1DLLE";

    private static readonly byte[] Box = Rows("VHHHHHV");

    private static readonly Dictionary<char, byte[]> Letters = Shapes.Split(' ').Chunk(2).Append([" ", "0000000"]).ToDictionary(pair => pair[0][0], pair => Rows(pair[1]));

    /// <summary>Whether a pixel of a letter is set.</summary>
    public static bool Has(char letter, int row, int column) => (Letters.GetValueOrDefault(letter, Box)[row] >> (Width - 1 - column) & 1) != 0;

    private static byte[] Rows(string digits) => [.. digits.Select(digit => (byte)(char.IsAsciiDigit(digit) ? digit - '0' : digit - 'A' + 10))];
}
