"""What an article's body asks for must exist: live answers, pages, other articles."""

from collections.abc import Collection

from guitai.care.errors import ArticleInvalid
from guitai.care.rules.articles import Source, links_of, live_names, render
from guitai.care.web.live.answers import ANSWERS
from guitai.care.web.pages import PAGES


def check_body(source: Source, slugs: Collection[str]) -> None:
    """Refuse article_invalid when the body or the related articles name something that does not exist.

    takes    the words, and the slugs that there are
    """
    html = render(source.markdown).html
    if not set(live_names(html)) <= ANSWERS.keys():
        raise ArticleInvalid(field="markdown", problem="live_unknown")
    for target in links_of(html):
        kind, _, name = target.partition(":")
        if (kind == "page" and name not in PAGES) or (kind == "help" and name not in slugs):
            raise ArticleInvalid(field="markdown", problem="link_unknown")
    if not set(source.related) <= set(slugs):
        raise ArticleInvalid(field="related", problem="unknown")
