"""What `explain`, `diff` and `phrases` say, in English and Turkish, side by side.

Every sentence is there in both languages with the same places to fill. The Turkish was written
with the program and no native reader checked it; whatever shows it says so. Implements PRO-151.
"""

from collections.abc import Mapping
from enum import StrEnum

from crosstell.cli.protocols.turkish import LABELS, WORDS


class Language(StrEnum):
    """The languages in which the program explains."""

    EN = "en"
    TR = "tr"


# Tag of a rule's class: what the program tests of it. What is asked stands in the rule's text
# alone, so none of these may say that anything must or must not be done.
TESTS: Mapping[str, tuple[str, str]] = {
    "standoff": (
        "whether anything is nearer to a declared place than the minima, all of them undercut.",
        "bildirilen bir yere, bütün asgari mesafelerin altında yaklaşılıp yaklaşılmadığı.",
    ),
    "zone_entry": (
        "whether anything is in a declared zone, or within the minima of it, in its window.",
        "geçerli süresinde bir bölgeye veya asgari mesafesine girilip girilmediği.",
    ),
    "separation": (
        "whether objects of different parties are nearer than the minima, all of them undercut.",
        "farklı tarafların cisimlerinin bütün asgari mesafelerin altında yaklaşıp yaklaşmadığı.",
    ),
    "well_clear": (
        "whether aircraft of different parties lose well clear of each other (RTCA DO-365B).",
        "farklı tarafların uçaklarının birbirine fazla yaklaşıp yaklaşmadığı (RTCA DO-365B).",
    ),
    "overflight": (
        "whether anything is over a declared place, from the ground up to the ceiling.",
        "bildirilen bir yerin üzerinde, yerden üst sınıra kadar, uçulup uçulmadığı.",
    ),
    "blackout": (
        "whether an activity of these kinds has a time that the calendar closes.",
        "bu türlerde bir faaliyetin takvimin kapattığı bir süreye rastlayıp rastlamadığı.",
    ),
    "maximum_duration": (
        "whether one of these lasts longer than the figure; without a figure, than each reading.",
        "bunlardan birinin değerden, değer yoksa her yorumdan uzun sürüp sürmediği.",
    ),
    "boundary": (
        "whether anything is in a party's side as that party draws it. No version is the right "
        "one.",
        "bir tarafın kendi çizdiği tarafına girilip girilmediği. Hiçbir sürüm doğru sayılmaz.",
    ),
    "conformance": (
        "whether a party's own track is off its own filed activity; told at its own desk only.",
        "bir tarafın kendi izinin kendi faaliyetinden sapıp sapmadığı; yalnız kendine bildirilir.",
    ),
    "duty": (
        "nothing. A person judges whether it was met.",
        "hiçbir şeyi. Yerine getirilip getirilmediğine bir kişi karar verir.",
    ),
    "contact_levels": (
        "nothing. It is a list of the levels at which the sides speak, lowest first.",
        "hiçbir şeyi. Tarafların konuştuğu düzeylerin listesidir, en alttan başlayarak.",
    ),
    "frequencies": (
        "nothing. It is a list of radio frequencies, in the order in which they are tried.",
        "hiçbir şeyi. Telsiz frekanslarının listesidir, denenme sırasıyla.",
    ),
    "phrases": (
        "nothing. It is a list of fixed phrases, read aloud as they stand.",
        "hiçbir şeyi. Olduğu gibi okunan sabit ifadelerin listesidir.",
    ),
    "lead_time": (
        "whether a notice of this kind was filed so long before its start. A late one is filed "
        "all the same.",
        "bu tür bir bildirimin bu kadar önce yapılıp yapılmadığı. Geç olanı da kaydedilir.",
    ),
}

SENTENCES: Mapping[str, tuple[str, str]] = {
    "unreviewed": (
        "",
        "DİKKAT: Türkçe metin gözden geçirilmedi (unreviewed); bağlayıcı olan belgenin kendisidir.",
    ),
    "version": ("{name}, version {version}", "{name}, sürüm {version}"),
    "amends": (
        "It amends the version with the digest {digest}.",
        "Şu özetli sürümü değiştirir: {digest}",
    ),
    "starts": (
        "In force between those who sign it, not before {starts}{ends}.",
        "İmzalayanlar arasında, {starts} tarihinden önce olmamak üzere yürürlüğe girer{ends}.",
    ),
    "ends": (", and until before {ends}", "; {ends} tarihine kadar"),
    "unsigned": (
        "This is a document. Only signatures say who agreed to it: crosstell protocol verify.",
        "Bu bir belgedir. Kimin imzaladığını yalnızca imzalar gösterir: crosstell protocol verify.",
    ),
    "not_the_text": (
        "What a rule asks is its text. What the program tests may be stricter or looser than that.",
        "Kuralın istediği metnidir. Programın sınadığı ondan daha sıkı veya daha gevşek olabilir.",
    ),
    "rule": ("Rule {id}: {kind}", "Kural {id}: {kind}"),
    "lead": ("Lead time {id}", "Bildirim süresi {id}"),
    "text": ("Text: {text}", "Metin (belgedeki dilde): {text}"),
    "tests": ("The program tests: {tests}", "Program şunu sınar: {tests}"),
    "owed": ("Of whom: {parties}", "Kimden: {parties}"),
    "figures": ("Figures and words:", "Değerler ve sözler:"),
    "alerts": (
        "Alerts: as soon as the infringement is {advisory} away (advisory), {urgent} (urgent), "
        "{critical} (critical); after {needed} of {window} assessments; at most {most}. Where it "
        "can be neither shown infringed nor kept: {unknown}.",
        "Uyarı: ihlale {advisory} kala (bilgi), {urgent} kala (acil), {critical} kala "
        "(kritik); {window} değerlendirmenin {needed} tanesinden sonra; en çok {most}. Ne ihlal ne "
        "uyum gösterilebiliyorsa: {unknown}.",
    ),
    "critical_once": (
        "One finding that is critical as reported raises the alert at once.",
        "Bildirildiği haliyle kritik olan tek bir bulgu uyarıyı hemen verir.",
    ),
    "alerts_filed": (
        "Alerts: when the notice is filed or its time comes near; at most {most}. Where it can be "
        "neither shown infringed nor kept: {unknown}.",
        "Uyarı: bildirim yapıldığında veya zamanı yaklaştığında; en çok {most}. Ne ihlal ne uyum "
        "gösterilebiliyorsa: {unknown}.",
    ),
    "alerts_do365": (
        "Alerts: at the alert times of RTCA DO-365B; at most {most}. Where it can be neither shown "
        "infringed nor kept: {unknown}.",
        "Uyarı: RTCA DO-365B uyarı sürelerinde; en çok {most}. Ne ihlal ne uyum "
        "gösterilebiliyorsa: {unknown}.",
    ),
    "dwell": (
        "A stay inside is advisory from entry, and infringes once it lasts longer than {dwell}.",
        "İçeride kalış girişten başlayarak bilgi düzeyindedir; {dwell} aşılınca ihlaldir.",
    ),
    "no_alert": (
        "Alerts: none. No test decides it and no clock of the program runs on it.",
        "Uyarı: yok. Hiçbir sınama karar vermez, programın hiçbir saati bunun için işlemez.",
    ),
    "lead_alert": (
        "Alerts: none. A late notice is shown as late under each reading.",
        "Uyarı: yok. Geç bildirim, her yoruma göre geç olarak gösterilir.",
    ),
    "lead_emergency": (
        "A notice between the two times is shown as late: a person judges the emergency.",
        "İki süre arasındaki bildirim geç gösterilir: acil duruma bir kişi karar verir.",
    ),
    "reading": ("Reading of {party}: {text}", "{party} tarafının yorumu: {text}"),
    "no_reading": (
        "Readings: the text alone; a party may state its own at any time.",
        "Yorumlar: yalnızca metin; her taraf kendi yorumunu her zaman beyan edebilir.",
    ),
    "versions": (
        "Readings: each version is its party's own, with the caution as that party reads it.",
        "Yorumlar: her sürüm kendi tarafınındır; dikkat mesafesi o tarafın yorumundaki gibidir.",
    ),
    "source": ("Source: {source}", "Kaynak: {source}"),
    "no_source": ("Source: NOT STATED in the document", "Kaynak: belgede BEYAN EDİLMEMİŞ"),
    "certainty": ("Certainty: {word} - {means}", "Kesinlik: {word} - {means}"),
    "authored": (
        "Set by the author of the document, unless the text says so: {names}.",
        "Metinde yazmıyorsa belgenin yazarınca konuldu: {names}.",
    ),
    "alerts_from": (
        "The times and counts of the alert are not this rule's: {certainty}; {source}",
        "Uyarının süreleri ve sayıları bu kuraldan değildir: {certainty}; {source}",
    ),
    "alerts_unsourced": (
        "The times and counts of the alert are not this rule's: no source is stated",
        "Uyarının süreleri ve sayıları bu kuraldan değildir: kaynak beyan edilmemiş",
    ),
    "parts": (
        "Parts that are no rules, and where they come from",
        "Kural olmayan bölümler ve kaynakları",
    ),
    "part": ("{part}: {certainty}; {source}", "{part}: {certainty}; {source}"),
    "digest": ("Digest (SHA-256), to be read aloud", "Özet (SHA-256), sesli okunmak üzere"),
    "filer": ("whoever files such a notice", "böyle bir bildirimi kim yaparsa"),
    "every_party": ("every party: {parties}", "her taraf: {parties}"),
    "none": ("none", "yok"),
    "not_narrowed": ("not narrowed, every kind", "daraltılmamış, her tür"),
    "spoken": ("say: {text}", "söyleyin: {text}"),
    "said": ("sounds: {said}", "okunuş: {said}"),
    "meaning": ("means: {meaning}", "anlamı: {meaning}"),
    "response": ("answer: {response}", "gereken yanıt: {response}"),
    "wording": ("{tongue}: {reviewed}", "{tongue}: {reviewed}"),
}

MEANS: Mapping[str, tuple[str, str]] = {
    "verified": (
        "of the text: the source itself was read",
        "metin için: kaynağın kendisi okundu",
    ),
    "press": (
        "of the text: reported; the text itself was not read or is not public",
        "metin için: aktarıldı; metnin kendisi okunmadı veya yayımlanmadı",
    ),
    "recalled": (
        "of the text: RECALLED from memory; nobody read the source again",
        "metin için: HATIRLANAN; kaynağı kimse yeniden okumadı",
    ),
    "assumed": (
        "set by the author of the document, taken from no agreement",
        "belgenin yazarınca konuldu, hiçbir anlaşmadan alınmadı",
    ),
}


def say(language: Language, key: str, **given: object) -> str:
    """The sentence of that name, filled."""
    return _one(SENTENCES[key], language).format(**given)


def tests(language: Language, tag: str) -> str:
    """What the program tests of a rule of that kind."""
    return _one(TESTS[tag], language)


def means(language: Language, certainty: str) -> str:
    """What a certainty says."""
    return _one(MEANS[certainty], language)


def label(language: Language, field: str) -> str:
    """A field's name for a person: without its unit."""
    if language is Language.TR:
        return LABELS[field]
    stem, most = field.removesuffix("_max"), " at most" * field.endswith("_max")
    for unit in ("_mps", "_deg", "_khz", "_hz", "_m", "_s"):
        stem = stem.removesuffix(unit)
    return stem.replace("_", " ") + most


def word(language: Language, value: str) -> str:
    """A closed word for a person."""
    return WORDS[value] if language is Language.TR else value


def _one(pair: tuple[str, str], language: Language) -> str:
    return pair[0] if language is Language.EN else pair[1]
