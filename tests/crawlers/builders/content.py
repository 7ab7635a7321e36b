"""What the sites of all builders say: six initiatives in two languages, and the words of their frames."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Entry:
    """One initiative: by language its title and text, and its own website."""

    slug: str
    lv: str
    en: str
    lv_text: str
    en_text: str

    @property
    def website(self) -> str:
        return f"https://{self.slug}.example/"

    def title(self, lang: str) -> str:
        return self.lv if lang == "lv" else self.en

    def text(self, lang: str) -> str:
        return self.lv_text if lang == "lv" else self.en_text


ENTRIES = (
    Entry("liepu-darbnica", "Liepu darbnīca", "Linden Workshop",
          "Darbnīcā cilvēki ar kustību traucējumiem šuj somas no vecām reklāmas plakātu drānām un pārdod tās gada tirgos.",
          "In the workshop people with reduced mobility sew bags out of old advertising banners and sell them at yearly fairs."),
    Entry("upes-maize", "Upes maize", "River Bread",
          "Ceptuvē strādā jaunieši, kuri izauguši bērnunamā; ik rītu viņi izved svaigu maizi uz pagasta skolām un veikaliem.",
          "Young people who grew up in care run the bakery; each morning they take fresh bread to schools and shops around."),
    Entry("otra-elpa-velo", "Velosipēdu otrā elpa", "Bicycles Breathe Again",
          "Brīvprātīgie salabo izmestus velosipēdus un nodod tos ģimenēm, kurām braukšana uz darbu citādi būtu par dārgu.",
          "Volunteers mend bicycles that were thrown away and give them to families who could not pay their way to work."),
    Entry("kaiminu-darzs", "Kaimiņu dārzs", "Neighbours' Garden",
          "Pagalmā starp daudzdzīvokļu namiem iedzīvotāji kopīgi audzē dārzeņus un reizi nedēļā gatavo vakariņas vientuļajiem.",
          "Between blocks of flats residents grow vegetables together and once a week cook supper for those who live alone."),
    Entry("klusa-kafejnica", "Klusā kafejnīca", "The Quiet Café",
          "Kafejnīcā apkalpo nedzirdīgi viesmīļi, un katrs apmeklētājs, gaidot kafiju, iemācās dažas zīmju valodas zīmes.",
          "Deaf waiters serve in this café, and while the coffee is made every guest learns a few signs of sign language."),
    Entry("meza-skola", "Meža skola bērniem", "Forest School for Children",
          "Skolotāji ved pilsētas bērnus mežā jebkuros laikapstākļos, lai viņi mācītos no kokiem, putniem un pašu kļūdām.",
          "Teachers take city children to the woods in all weathers, so that they learn from trees, birds and their own mistakes."),
)  # fmt: skip

OWNER = "Apvienība „Kopā labāk”"
COOKIES = "Mēs izmantojam sīkdatnes, lai šī vietne darbotos labāk. Turpinot to lietot, Jūs tam piekrītat."
RIGHTS = "Visas tiesības aizsargātas. Pārpublicēšana tikai ar atļauju."
FUNDER = "Vietne izveidota ar Sabiedrības fonda finansiālu atbalstu projektā nr. 2026/17."
NEWSLETTER = "Piesakies jaunumiem un uzzini pirmais"
MENU = {"lv": ("Sākums", "Par mums", "Kontakti"), "en": ("Home", "About us", "Contacts")}
FRAME = (COOKIES, RIGHTS, FUNDER, NEWSLETTER, *MENU["lv"], *MENU["en"])
"""What belongs to no initiative."""
ABOUT = (
    "<p>Apvienība dibināta, lai cilvēki, kuriem rūp kopiena, satiktos, mācītos cits no cita un kopā runātu ar pašvaldībām.</p>"
    "<p>Mēs rīkojam lekcijas un sarunas, sniedzam padomus un pārstāvam biedru intereses likumu grozījumos.</p>"
)
SECTIONS = (
    ("Mūsu vērtības", "Atklātība, uzticēšanās un drosme mēģināt no jauna ir tas, kas mūs vieno jau daudzus gadus."),
    ("Mūsu ceļš", "No dažu draugu sarunām virtuvē esam izauguši līdz organizācijai ar biroju un pastāvīgu komandu."),
    ("Mūsu komanda", "Birojā strādā četri cilvēki, un katru dienu mums palīdz praktikanti no vairākām augstskolām."),
    ("Atbalsti mūs", "Ziedojums ļauj mums turpināt iesākto; par katru ziedoto eiro pārskatu publicējam reizi gadā."),
)
"""The sections of a page about the owner, which lists nothing."""
PRIVACY = (
    ("Kādus datus mēs apstrādājam", "Mēs apstrādājam datus, kurus Jūs paši mums norādāt saziņas formā, un nekādus citus."),
    ("Sīkdatņu veidi", "Nepieciešamās sīkdatnes nodrošina vietnes darbību, statistikas sīkdatnes palīdz to uzlabot."),
    ("Jūsu tiesības", "Jums ir tiesības pieprasīt savu datu kopiju, labošanu vai dzēšanu, rakstot mums uz biroju."),
    ("Datu glabāšana", "Datus glabājam tik ilgi, cik tas nepieciešams atbildes sniegšanai, bet ne ilgāk par diviem gadiem."),
)
