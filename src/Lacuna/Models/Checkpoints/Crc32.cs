namespace Lacuna.Models.Checkpoints;

/// <summary>The checksum of zip archives: CRC-32 with the reflected polynomial EDB88320 (ISO 3309, PKWARE APPNOTE 4.4.7), eight bytes at a time.</summary>
internal static class Crc32
{
    private const uint Polynomial = 0xedb88320;

    // Tables[k][b]: what byte b does to the sum when k bytes follow it.
    private static readonly uint[][] Tables = MakeTables();

    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        uint sum = uint.MaxValue;
        uint[][] t = Tables;
        while (bytes.Length >= 8)
        {
            uint head = sum ^ (bytes[0] | (uint)bytes[1] << 8 | (uint)bytes[2] << 16 | (uint)bytes[3] << 24);
            sum = t[7][head & 0xff] ^ t[6][head >> 8 & 0xff] ^ t[5][head >> 16 & 0xff] ^ t[4][head >> 24]
                ^ t[3][bytes[4]] ^ t[2][bytes[5]] ^ t[1][bytes[6]] ^ t[0][bytes[7]];
            bytes = bytes[8..];
        }
        foreach (byte b in bytes)
        {
            sum = sum >> 8 ^ t[0][(sum ^ b) & 0xff];
        }
        return ~sum;
    }

    private static uint[][] MakeTables()
    {
        var tables = new uint[8][];
        for (int k = 0; k < tables.Length; k++)
        {
            tables[k] = new uint[256];
            for (uint b = 0; b < 256; b++)
            {
                uint sum = k == 0 ? b : tables[k - 1][b];
                for (int bit = 0; bit < 8; bit++)
                {
                    sum = sum >> 1 ^ ((sum & 1) != 0 ? Polynomial : 0);
                }
                tables[k][b] = sum;
            }
        }
        return tables;
    }
}
