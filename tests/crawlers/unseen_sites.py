"""Sites that are built otherwise than the demonstration's."""

from __future__ import annotations

from flask import Flask, Response, request

TITLES = {"Zvejnieku māja", "Tālā stacija", "Kalna dārzs"}


TEXT = "Kopā ar kaimiņiem atjaunojam vecu ēku un rīkojam tajā darbnīcas bērniem un senioriem visa gada garumā."


def wordpress_plain_permalinks() -> Flask:
    """REST only under ?rest_route=, one language, custom fields, entries of type `initiative`."""
    app = Flask(__name__)

    @app.get("/")
    def front() -> Response | str:
        route = request.args.get("rest_route")
        if route == "/wp/v2/types":
            return json(
                {"post": {"rest_base": "posts"}, "page": {"rest_base": "pages"}, "initiative": {"rest_base": "initiative"}}
            )
        if route == "/wp/v2/initiative":
            entries = [
                {"id": n, "link": f"{request.host_url}?p={n}", "title": {"rendered": title}, "content": {"rendered": f"<p>{TEXT}</p>"},
                 "acf": {"country": "Latvia", "city": "Talsi", "website": f"https://n{n}.example"}}
                for n, title in enumerate(sorted(TITLES))
            ]  # fmt: skip
            return json(entries)
        return "<html lang=lv><h1>Sveiki</h1></html>" if route is None else Response("{}", 404)

    return app


def json_ld_without_sitemap() -> Flask:
    """A list that links to pages two levels down; each page has JSON-LD in an array."""
    app = Flask(__name__)

    @app.get("/")
    def front() -> str:
        return '<html lang=lv><a href="/list/">Saraksts</a> <a href="/contact/">Kontakti</a></html>'

    @app.get("/list/")
    def entry_list() -> str:
        return "".join(f'<a href="/list/{n}">x</a>' for n in range(len(TITLES)))

    @app.get("/list/<int:n>")
    def entry_page(n: int) -> str:
        title = sorted(TITLES)[n]
        return (
            '<script type="application/ld+json">[{"@context":"https://schema.org","@type":"Organization","name":"'
            f'{title}","description":"{TEXT}","address":{{"@type":"PostalAddress","addressCountry":{{"@type":"Country","name":"Latvia"}}}}}}]'
            f"</script><h1>{title}</h1>"
        )

    return app


def register_in_windows_1257() -> Flask:
    """A comma-separated register in an old encoding, one click from the front page."""
    app = Flask(__name__)

    @app.get("/")
    def front() -> str:
        return '<a href="/dati">Dati</a>'

    @app.get("/dati")
    def data() -> str:
        return '<a href="/f/saraksts.csv?v=2">Saraksts</a>'

    @app.get("/f/saraksts.csv")
    def table() -> Response:
        rows = "\r\n".join(f'"{title}",Latvija,Talsi,{4000 + n}0000000' for n, title in enumerate(sorted(TITLES)))
        body = f"Nosaukums,Valsts,Pilsēta,Reģ. Nr\r\n{rows}".encode("cp1257")
        return Response(body, content_type="text/csv; charset=windows-1257")

    return app


def labelled_pages_with_a_text_sitemap() -> Flask:
    """A sitemap of plain lines named by robots.txt; facts in a table."""
    app = Flask(__name__)

    @app.get("/robots.txt")
    def robots() -> Response:
        return Response(f"Sitemap: {request.host_url}map.txt", mimetype="text/plain")

    @app.get("/map.txt")
    def entry_list() -> Response:
        paths = ["", "par-mums", *(f"iniciativa/{n}" for n in range(len(TITLES)))]
        return Response("\n".join(request.host_url + path for path in paths), mimetype="text/plain")

    @app.get("/")
    @app.get("/par-mums")
    def about() -> str:
        return "<h1>Par mums</h1><table><tr><td>Valsts</td><td>Latvija</td></tr><tr><td>Tālrunis</td><td>1</td></tr></table>"

    @app.get("/iniciativa/<int:n>")
    def entry_page(n: int) -> str:
        return f"<h1>{sorted(TITLES)[n]}</h1><table><tr><th>Valsts:</th><td>Latvija</td></tr><tr><th>Vieta:</th><td>Talsi</td></tr></table><p>{TEXT}</p>"

    return app


def atom_feed_at_its_usual_place() -> Flask:
    """Prose pages and an Atom feed that no page names."""
    app = Flask(__name__)

    @app.get("/")
    def front() -> str:
        return "<h1>Jaunumi</h1>"

    @app.get("/atom.xml")
    def atom() -> Response:
        items = "".join(
            f"<entry><id>tag:{n}</id><title>{title}</title><link href='{request.host_url}n/{n}'/><summary>Valsts: Latvija. {TEXT}</summary></entry>"
            for n, title in enumerate(sorted(TITLES))
        )
        return Response(
            f'<feed xmlns="http://www.w3.org/2005/Atom"><title>x</title>{items}</feed>', mimetype="application/atom+xml"
        )

    return app


def microdata_in_pages() -> Flask:
    """Microdata with itemref on pages of one item, the next page by rel=next in the head."""
    app = Flask(__name__)

    @app.get("/saraksts")
    def entry_list() -> str:
        n = request.args.get("lapa", 0, int)
        next_link = f'<link rel="next" href="/saraksts?lapa={n + 1}"><a href="/saraksts?lapa={n + 1}">Tālāk</a>' if n < 2 else ""
        return (
            f'{next_link}<div itemscope itemtype="http://schema.org/LocalBusiness" itemref="a{n}"><h2 itemprop="name">{sorted(TITLES)[n]}</h2>'
            f'</div><p id="a{n}"><span itemprop="address" itemscope itemtype="http://schema.org/PostalAddress"><meta itemprop="addressCountry"'
            ' content="LV"></span></p>'
        )

    @app.get("/")
    def front() -> str:
        return '<a href="/saraksts">Uzņēmumi</a>'

    return app


def json(data: object) -> Response:
    import json as codec

    return Response(codec.dumps(data), mimetype="application/json")
