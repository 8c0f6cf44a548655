"""What smart encoding writes in place of characters that GSM-7 does not have.

Code points in hexadecimal; from the published table of
https://www.twilio.com/docs/messaging/services#smart-encoding. Wide spaces and tabs become one.
"""

_CODE_POINTS = {
    '"': "00AB 00BB 201C 201D 02BA 02EE 201F 201E 275D 275E 301D 301E FF02",
    "'": (
        "2018 2019 02BB 02C8 02BC 02BD 02B9 201B FF07 00B4 02CA 0060 02CB 275B 275C 0313 0314 "
        "FE10 FE11"
    ),
    "/": "00F7 29F8 0337 0338 2044 2215 FF0F",
    "1/4": "00BC",
    "1/2": "00BD",
    "3/4": "00BE",
    "\\": "29F9 29F5 20E5 FE68 FF3C",
    "_": "0332 FF3F 2017",
    "|": "20D2 20D3 2223 FF5C 23B8 23B9 23D0 239C 239F",
    "-": "23BC 23BD 2015 FE63 FF0D 2010 2043 2014 2013 2022",
    "@": "FE6B FF20",
    "$": "FE69 FF04",
    "!": "01C3 FE15 FE57 FF01",
    "#": "FE5F FF03",
    "%": "FE6A FF05",
    "&": "FE60 FF06",
    ",": "201A 0326 FE50 FE51 FF0C FF64 3001",
    "(": "2768 276A FE59 FF08 27EE 2985",
    ")": "2769 276B FE5A FF09 27EF 2986",
    "*": (
        "204E 2217 229B 2722 2723 2724 2725 2731 2732 2733 273A 273B 273C 273D 2743 2749 274A "
        "274B 29C6 FE61 FF0A"
    ),
    "+": "02D6 FE62 FF0B",
    ".": "3002 FE52 FF0E FF61",
    ":": "02D0 02F8 2982 A789 FE13 FF1A",
    ";": "204F FE14 FE54 FF1B",
    "<": "FE64 FF1C 203A",
    "=": "0347 A78A FE66 FF1D",
    ">": "FE65 FF1E 2039",
    "?": "FE16 FE56 FF1F",
    "^": "02C6 0302 FF3E 1DCD",
    "{": "2774 FE5B FF5B",
    "}": "2775 FE5C FF5D",
    "[": "FF3B",
    "]": "FF3D",
    "~": "02DC 02F7 0303 0330 0334 223C FF5E",
    " ": (
        "0009 0080 008D 0090 009B 009F 00A0 2000 2001 2002 2003 2004 2005 2006 2007 2008 2009 "
        "200A 2028 2029 202F 205F 3000"
    ),
    "": "0010 0000 0003 0004 0017 0019 0011 0012 0013 0014 2060 200B FEFF",
    "!!": "203C",
    "...": "2026",
}

_SMALL_CAPITALS = {
    "A": "1D00",
    "B": "0299",
    "C": "1D04",
    "D": "1D05",
    "E": "1D07",
    "F": "A730",
    "G": "0262",
    "H": "029C",
    "I": "026A",
    "J": "1D0A",
    "K": "1D0B",
    "L": "029F",
    "M": "1D0D",
    "N": "0274",
    "O": "1D0F",
    "P": "1D18",
    "R": "0280",
    "S": "A731",
    "T": "1D1B",
    "U": "1D1C",
    "V": "1D20",
    "W": "1D21",
    "Y": "028F",
    "Z": "1D22",
}
_FULL_WIDTH = {
    chr(code - 0xFEE0): f"{code:04X}" for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B))
}

REPLACEMENTS = {
    int(code, 16): replacement
    for table in (_CODE_POINTS, _SMALL_CAPITALS, _FULL_WIDTH)
    for replacement, codes in table.items()
    for code in codes.split()
}
"""For `str.translate`."""
