"""From text to tokens. Indexing and asking cut in the same way, so that what is asked for is found.

* Text is NFKC, without case or accents, and only its letters and digits; two neighbours make one token (a bigram), so
  every substring of two characters is a token and a longer one is a phrase of neighbouring tokens.
* Pinyin is kept as one token a syllable, and as the bigrams of the first letters. A character with several readings is
  read in its word first (pypinyin's phrases), and once more as places and firms here read it.
* Codes are one token each, found from their beginning.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache

END, START = "qqqq", "qz"  # of four and three characters: they never meet a bigram
TEXT_LIMIT = 4_000  # characters of free text that are indexed
LONGEST_PHRASE = 4
NOT_LETTERS = re.compile(r"[\W_]+")
# The reading that names of places and firms use, where the dictionary's first one is another.
USUAL = {"朝": "chao", "长": "chang", "行": "hang", "重": "zhong", "乐": "le", "都": "du", "厦": "xia", "会": "hui",
         "大": "da", "单": "dan", "曾": "zeng", "解": "jie", "盛": "sheng", "系": "xi", "调": "diao", "家": "jia",
         "区": "qu", "台": "tai", "圳": "zhen", "万": "wan", "合": "he", "和": "he", "石": "shi"}  # fmt: skip


def _folded(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold()
    if not folded.isascii():
        apart = unicodedata.normalize("NFD", folded)
        if apart != folded:
            folded = unicodedata.normalize("NFC", "".join(c for c in apart if not "\u0300" <= c <= "\u036f"))
    return folded


def plain(text: str) -> str:
    """NFKC, case-folded, without accents; whatever is not a letter or digit becomes a space."""
    return NOT_LETTERS.sub(" ", _folded(text))


def joined(text: str) -> str:
    """The letters and digits alone."""
    return NOT_LETTERS.sub("", _folded(text))


def bigrams(letters: str) -> list[str]:
    """Neighbouring pairs: 望京启元 → 望京 京启 启元."""
    return [letters[i : i + 2] for i in range(len(letters) - 1)]


def grams(texts: Iterable[str]) -> str:
    """The tokens of several texts, each with its first character and its end, so that no phrase crosses from one to
    the next."""
    tokens: list[str] = []
    for text in texts:
        letters = joined(text[:TEXT_LIMIT])
        if letters:
            tokens.append(START + letters[0])
            tokens += bigrams(letters)
            tokens.append(END)
    return " ".join(tokens)


@lru_cache(maxsize=1)
def _dictionaries() -> tuple[dict[int, str], dict[str, list[list[str]]]]:
    from pypinyin.constants import PHRASES_DICT, PINYIN_DICT

    return PINYIN_DICT, PHRASES_DICT


def _bare(syllable: str) -> str:
    """wàng → wang; ü is written v."""
    apart = unicodedata.normalize("NFD", syllable.replace("ü", "v").replace("ǘ", "v").replace("ǚ", "v"))
    return "".join(c for c in apart.replace("ǜ", "v") if "a" <= c <= "z")


@lru_cache(maxsize=40_000)
def _alone(character: str) -> str:
    """The usual reading of one character; "" when it is not Han."""
    if character in USUAL:
        return USUAL[character]
    readings = _dictionaries()[0].get(ord(character), "")
    return _bare(readings.split(",")[0]) if readings else ""


@lru_cache(maxsize=1)
def _openings() -> frozenset[str]:
    """The first two characters of every word with a reading of its own."""
    return frozenset(word[:2] for word in _dictionaries()[1])


@lru_cache(maxsize=100_000)
def _in_word(word: str) -> tuple[str, ...] | None:
    """The reading of a word that has one of its own."""
    found = _dictionaries()[1].get(word)
    return tuple(_bare(options[0]) for options in found) if found else None


def _read_words(letters: str) -> list[str]:
    """Each character's reading in its word, longest words first."""
    syllables: list[str] = []
    openings = _openings()
    at, length = 0, len(letters)
    while at < length:
        reading = None
        if letters[at : at + 2] in openings:
            for size in range(min(LONGEST_PHRASE, length - at), 1, -1):
                reading = _in_word(letters[at : at + size])
                if reading is not None and len(reading) == size:
                    break
                reading = None
        if reading is None:
            syllables.append(_alone(letters[at]) or letters[at])
            at += 1
        else:
            syllables += reading
            at += len(reading)
    return syllables


def _both(letters: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Text as syllables, twice: read in words, and character by character."""
    return tuple(_read_words(letters)), tuple([_alone(c) or c for c in letters])


def readings(name: str) -> Iterator[tuple[str, ...]]:
    """The one or two ways a name is read; Latin letters and digits stand for themselves."""
    letters = joined(name[:200])
    if letters.isascii():
        return
    words, alone = _both(letters)
    yield words
    if alone != words:
        yield alone


def spoken(name: str, longest: int = 120) -> str:
    """A name as it is read aloud, to put names in order: 望京 → "wang jing", cut to ``longest`` characters."""
    first = next(readings(name), None)
    return (joined(name) if first is None else " ".join(first))[:longest]


def sounds(names: Iterable[str]) -> tuple[str, str]:
    """(bigrams of first letters, syllables) of the names that hold Han characters."""
    initials: list[str] = []
    syllables: list[str] = []
    for name in names:
        before = ""
        for reading in readings(name):
            first = "".join([syllable[0] for syllable in reading])
            if first != before:
                initials += [START + first[0], *bigrams(first), END]
            before = first
            syllables += [*reading, END]
    return " ".join(initials), " ".join(syllables)


def code_tokens(codes: Iterable[str]) -> str:
    """One token for each code."""
    return " ".join(letters for code in codes if code and (letters := joined(code)))


@lru_cache(maxsize=1)
def syllables_known() -> frozenset[str]:
    """Every syllable of the dictionary, without tone."""
    return frozenset(_bare(one) for readings_ in _dictionaries()[0].values() for one in readings_.split(","))


@lru_cache(maxsize=1)
def _beginnings() -> frozenset[str]:
    return frozenset(syllable[:size] for syllable in syllables_known() for size in range(1, len(syllable) + 1))


def cut_pinyin(letters: str, limit: int = 6) -> list[list[str]]:
    """The ways to read Latin letters as syllables, the last of which may be unfinished; at most ``limit`` ways."""
    found: list[list[str]] = []

    def go(at: int, done: list[str]) -> None:
        if len(found) >= limit or len(done) > 40:
            return
        if at == len(letters):
            found.append(done)
            return
        for size in range(min(6, len(letters) - at), 0, -1):
            piece = letters[at : at + size]
            last = at + size == len(letters)
            if piece in syllables_known() or (last and piece in _beginnings()):
                go(at + size, [*done, piece])

    if letters.isascii() and letters.isalpha() and 2 <= len(letters) <= 60:
        go(0, [])
    # a single unfinished letter is what initials are for
    return [way for way in found if len(way[0]) > 1]
