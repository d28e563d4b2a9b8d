"""Whole numbers below ten thousand in words, as one spells them."""

FR = [
    *("zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix"),
    *("onze", "douze", "treize", "quatorze", "quinze", "seize", "dix-sept", "dix-huit", "dix-neuf"),
]
FR_TENS = {20: "vingt", 30: "trente", 40: "quarante", 50: "cinquante", 60: "soixante", 80: "quatre-vingt"}
EN = [
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
]
EN_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]


def french(value: int) -> str:
    if value < 20:
        return FR[value]
    if value < 100:
        tens = value // 20 * 20 if value >= 60 else value // 10 * 10
        rest = value - tens
        joined = " et " if rest in (1, 11) and tens < 80 else "-"
        return FR_TENS[tens] + (joined + FR[rest] if rest else "s" if tens == 80 else "")
    unit, word = (1000, "mille") if value >= 1000 else (100, "cent")
    count, rest = divmod(value, unit)
    head = word if count == 1 else f"{french(count)} {word}"
    return f"{head} {french(rest)}" if rest else head


def english(value: int) -> str:
    if value < 20:
        return EN[value]
    if value < 100:
        tens, rest = divmod(value, 10)
        return EN_TENS[tens - 2] + (f"-{EN[rest]}" if rest else "")
    unit, word = (1000, "thousand") if value >= 1000 else (100, "hundred")
    count, rest = divmod(value, unit)
    joined = " and " if rest < 100 else " "
    return f"{english(count)} {word}" + (f"{joined}{english(rest)}" if rest else "")


SPELLERS = {"fr": french, "en": english}
