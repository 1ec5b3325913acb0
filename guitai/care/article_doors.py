"""The part of the door that is about the help centre's articles."""

from pathlib import Path

from guitai.audit.types import Purpose
from guitai.base.actor import Actor
from guitai.care import bench, help, library
from guitai.care.flows import load_articles as _load
from guitai.care.flows import write_article as _write
from guitai.care.types import ArticleHit, ArticleRank, ArticleView, LoadedArticles, SearchBench


def load_articles() -> LoadedArticles:
    """Bring the help centre's articles into the database; what has not changed is left alone.

    gives    how many were added, changed and removed, and how many came as drafts only, because staff have written
             or withdrawn those articles themselves
    """
    return _load.load_articles()


def search_articles(text: str, language: str) -> list[ArticleHit]:
    """Articles that answer a question, best first.

    takes    what was typed, the reader's language
    gives    at most eight ArticleHit values with what matched marked
    source   BM25 (Robertson and Zaragoza, 2009)
    """
    return help.search(text, language)


def search_ranking(text: str, language: str, limit: int = 8) -> list[ArticleRank]:
    """The same search without marks, for `guitai search`.

    takes    what was typed, the reader's language, the most wanted
    gives    ArticleRank values, best first
    """
    return help.ranking(text, language, limit)


def bench_search(questions: Path) -> list[SearchBench]:
    """Measure the search over the product's own articles; needs no database.

    takes    a folder with a file of labelled questions a language, `<language>.tsv`
    gives    hit@1 and hit@3 of each language for the questions it was tuned on, those held out, and all; without the
             sentence encoder, and with it where it is installed
    """
    return bench.bench_search(questions)


def publish_due_articles() -> int:
    """Put in force the articles that were planned for now.

    gives    how many
    """
    return library.publish_due()


def is_article_purpose(actor: Actor, purpose: Purpose) -> bool:
    """Whether an article is a real reason to act: the check that audit asks for purposes of the kind "article".

    takes    who acts, the purpose they name (`slug/language`)
    gives    True when there is such an article
    """
    return _write.is_article(purpose.id)


def article(slug: str, language: str) -> ArticleView:
    """One article, in the reader's language where it has that.

    takes    its slug, the reader's language
    gives    ArticleView with sanitised HTML
    refuses  not_found
    """
    return help.article(slug, language)


def articles(language: str) -> list[ArticleView]:
    """Every article of a language, in the order of the help centre.

    takes    the reader's language
    gives    ArticleView values
    """
    return help.articles(language)


def popular_articles(language: str, limit: int) -> list[ArticleView]:
    """What is wanted now, by readings and cases of the last hours.

    takes    the reader's language, how many
    gives    ArticleView values, the most wanted first
    """
    return help.popular(language, limit)


def articles_about(topics: list[str], language: str) -> list[ArticleView]:
    """Articles that carry at least one of the topics; those that are mainly about it come first.

    takes    topic keys, the reader's language
    gives    ArticleView values
    """
    return help.articles_about(topics, language)


def staff_articles_about(topics: list[str], language: str) -> list[ArticleView]:
    """Articles that only staff read, for the side of a case; never for a customer's page.

    takes    topic keys, the agent's language
    gives    ArticleView values
    """
    return help.staff_articles_about(topics, language)
