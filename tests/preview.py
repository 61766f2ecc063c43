"""Files to look into, and a terminal that shows sixel images.
preview.py make FOLDER | endless FILE | sixel COMMAND IMAGE"""
import math
import os
import re
import struct
import sys
import wave
import zipfile
import zlib

import openpyxl
import pexpect

PATIENCE = int(os.environ.get("PATIENCE", "15"))


def png(path, width, height, whole=True):
    """Rings; where not `whole` it only says that it is so large."""
    rows = b"".join(b"\0" + bytes(v for x in range(width) for v in (
        255 * x // width, 255 * y // height, int(127 + 127 * math.sin(math.hypot(x - width / 2, y - height / 2) / 9))))
        for y in range(height)) if whole else b"\0"

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    open(path, "wb").write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) +
                           chunk(b"IEND", b""))


def pdf(path, content, packed=False):
    """One page of these drawing operators."""
    stream = zlib.compress(content) if packed else content
    parts = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
             b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 300]/Contents 4 0 R/Resources<</Font<</F1"
             b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>>>>>>>",
             b"<</Length %d%s>>stream\n%s\nendstream" % (len(stream), b"/Filter/FlateDecode" if packed else b"", stream)]
    body = b"%PDF-1.4\n" + b"".join(b"%d 0 obj%sendobj\n" % (i + 1, part) for i, part in enumerate(parts))
    open(path, "wb").write(body + b"trailer<</Root 1 0 R>>\n")


def office(path, name, text):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as z:
        z.writestr(name, text)


def make(folder):
    os.chdir(folder)
    png("affiche.png", 320, 200)
    png("geante.png", 60000, 60000, whole=False)
    pdf("compte-rendu.pdf", b"BT /F1 12 Tf 20 200 Td (Une binette pour le jardin) Tj ET")
    office("convention.odt", "content.xml", '<d xmlns:text="t"><text:h>Convention</text:h><text:p>Une grelinette, '
           "trois soirs par semaine.</text:p></d>")
    office("lettre.docx", "word/document.xml", '<w:d xmlns:w="w"><w:p><w:t>Un sécateur, madame la maire.</w:t></w:p></w:d>')
    office("bombe.xlsx", "content.xml", "<d><p>" + "a" * 200_000_000)
    open("tableau.csv", "w").write("nom;ville;jour\nLe râteau;Nîmes;lundi\nLa bêche;Trélazé;mardi\n")
    book = openpyxl.Workbook()
    for row in ["Budget 2026"], ["poste", "recettes", "pour"], ["Fête; été", 120, "les\nvoisins"], ["Fanions", None, "la rue"]:
        book.active.append(row)
    book.save("budget.xlsx")
    office("presences.ods", "content.xml", '<d xmlns:office="o" xmlns:table="t" xmlns:text="x"><office:spreadsheet>' + "".join(
        "<table:table-row>" + "".join(
            "<table:table-cell%s>%s</table:table-cell>" % (more, "".join("<text:p>%s</text:p>" % p for p in cell.split("|")) if cell else "")
            for cell, more in cells) + "</table:table-row>" for cells in [
                [("nom", ""), ("mars", ""), ("avril", ""), ("", ' table:number-columns-repeated="16381"')],
                [("Fatou|Sow", ""), ("oui", ' table:number-columns-repeated="2"')],
                [("Bruno", ""), ("", ""), ("peut-être", "")]]) + "</office:spreadsheet></d>")
    open("notes.txt", "w").write("Penser au plantoir.\n")
    open("photo.heic", "wb").write(b"\0\0\0\x18ftypheic" + bytes(100))
    open("donnees.bin", "wb").write(bytes(range(256)) * 10)
    with wave.open("message.wav", "wb") as w:
        w.setnchannels(1)
        w.setsampwidth(1)
        w.setframerate(8000)
        w.writeframes(b"\x80" * 8000 * 75)


def sixel(command, image):
    """Goes to one's own folder, sees the first picture there, says by DA1 that sixels are shown; keeps what comes."""
    child = pexpect.spawn(command, dimensions=(24, 80), timeout=PATIENCE, maxread=1 << 20)
    child.delaybeforesend = None
    child.expect("Qui est")
    child.send("g")
    child.expect("moi")
    child.send("j" * 6 + "\r")
    child.expect("affiche.png")
    child.send("\r")
    child.expect("octets|Ko")
    child.send("v")
    child.expect(re.escape("\x1b[c"))
    child.send("\x1b[?62;4;6;22c")
    child.expect(re.compile(rb"\x1bP[^\x1b]*\x1b\\", re.S))
    open(image, "wb").write(child.match.group(0))
    child.send("\r")
    child.expect("affiche.png")
    child.send("Q")
    child.expect("o/N|oui|Oui|\\?")
    child.close(force=True)


if sys.argv[1] == "make":
    make(sys.argv[2])
elif sys.argv[1] == "endless":
    pdf(sys.argv[2], b"BT /F1 12 Tf 20 200 Td (a) Tj ET " * 14_000_000, packed=True)
else:
    sixel(sys.argv[2], sys.argv[3])
