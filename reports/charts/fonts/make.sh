#!/bin/sh
# Makes the two faces from Source Sans 3 3.052 as npm's @expo-google-fonts/source-sans-3 0.4.1 carries it:
# the same bytes every time. It needs npm, Python 3 and `pip install fonttools==4.60.1 brotli==1.2.1`, and runs in this folder.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
(cd "$work" && npm pack --silent @expo-google-fonts/source-sans-3@0.4.1 >/dev/null && tar xzf ./*.tgz)
export SOURCE_DATE_EPOCH=0
python3 - "$work/package" "$here" <<'PY'
import sys
from fontTools import subset
from fontTools.ttLib import TTFont

# Latin with its accents, the signs of numbers and money, and the shapes that lights and changes use
LETTERS = [*range(0x20, 0x7F), *range(0xA0, 0x180), *map(ord, "–—‘’‚“”„†•…‰‹›€−≈≠≤≥×÷←↑→↓▲△▼▽●○■□◆◇✓\u2009\u202f")]

for source, name, style in [("400Regular", "regular", "Regular"), ("700Bold", "bold", "Bold")]:
    font = TTFont(f"{sys.argv[1]}/{source}/SourceSans3_{source}.ttf", recalcTimestamp=False)
    options = subset.Options(hinting=False, layout_features=["kern", "mark", "ccmp"], name_IDs=[0, 1, 2, 3, 4, 5, 6, 13, 14],
                             notdef_outline=True, glyph_names=False, recalc_timestamp=False)
    cut = subset.Subsetter(options)
    cut.populate(unicodes=LETTERS)
    cut.subset(font)
    # "Source" is a reserved name: what is changed must be called something else
    for id, text in {1: "Lindung Sans", 2: style, 3: f"Lindung Sans {style} 1", 4: f"Lindung Sans {style}", 6: f"LindungSans-{style}"}.items():
        font["name"].setName(text, id, 3, 1, 0x409)
    font["name"].names = [n for n in font["name"].names if n.platformID == 3]
    font.save(f"{sys.argv[2]}/lindung-sans-{name}.ttf")
    font.flavor = "woff2"  # for pages: less than half as long
    font.save(f"{sys.argv[2]}/lindung-sans-{name}.woff2")
PY
cp "$work/package/LICENSE_FONT" "$here/OFL.txt"
