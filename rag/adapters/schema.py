"""The catalog's tables. Everything else that is stored can be rebuilt from these."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

METADATA = MetaData()

notes = Table(
    "notes",
    METADATA,
    Column("name", String, primary_key=True),
    Column("value", Text, nullable=False),
)

articles = Table(
    "articles",
    METADATA,
    Column("id", String, primary_key=True),
    Column("title", Text, nullable=False),
    Column("url", Text),
    # The address's host, as rag/sites.py writes it.
    Column("site", Text, index=True),
    Column("outlet", Text),
    Column("outlet_folded", Text, index=True),
    Column("authors", JSON, nullable=False),
    Column("published_at", String),
    Column("published_epoch", Float, index=True),
    Column("updated_at", String),
    Column("language", String),
    Column("section", Text),
    Column("section_folded", Text),
    Column("rights", Text),
    Column("embargoed_until", String),
    Column("expires_at", String),
    # What rag/rights.py made of these and of the outlet's policy, in seconds since 1970.
    Column("shown_from", Float),
    Column("shown_until", Float),
    Column("revision", Integer, nullable=False),
    Column("live", Boolean, nullable=False),
    Column("story", String, nullable=False, index=True),
    # False from the moment a change is recorded until both indexes hold it: what a crash leaves is found by this.
    Column("indexed", Boolean, nullable=False),
    Column("changed_at", Float, nullable=False),
    # When the article first came in.
    Column("recorded_at", Float, nullable=False),
    # True from the moment its text was purged here until it is gone from the files of all three stores.
    Column("purge_due", Boolean, nullable=False, default=False, index=True),
)
Index("articles_to_index", articles.c.indexed, articles.c.changed_at)

authors = Table(
    "authors",
    METADATA,
    Column("article_id", String, ForeignKey("articles.id"), primary_key=True),
    Column("name_folded", Text, primary_key=True, index=True),
)

revisions = Table(
    "revisions",
    METADATA,
    Column("article_id", String, ForeignKey("articles.id"), primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("title", Text, nullable=False),
    Column("body", Text, nullable=False),
    # start, end, start, end, ...: one row a sentence would be ten times the rows of everything else together
    Column("sentences", JSON, nullable=False),
    Column("statements", JSON, nullable=False),
    Column("recorded_at", Float, nullable=False),
)

passages = Table(
    "passages",
    METADATA,
    Column("key", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("article_id", String, ForeignKey("articles.id"), nullable=False, index=True),
    Column("revision", Integer, nullable=False),
    Column("ordinal", Integer, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    # Whether the vector index holds a vector for this key, made of this text under the article's present header.
    Column("embedded", Boolean, nullable=False, default=False),
    sqlite_autoincrement=True,
)

bands = Table(
    "bands",
    METADATA,
    Column("band", BigInteger, primary_key=True),
    Column("article_id", String, ForeignKey("articles.id"), primary_key=True, index=True),
)

# Everybody whose words an article of now holds, once for each name and role as worded there.
speakers = Table(
    "speakers",
    METADATA,
    Column("key", Integer, primary_key=True, autoincrement=True),
    Column("name", Text, nullable=False),
    Column("role", Text, nullable=False),
    UniqueConstraint("name", "role"),
)

# What they are found by: the words of the name as `rag.persons.spelled`, and the stems of the role's.
speaker_words = Table(
    "speaker_words",
    METADATA,
    Column("word", String, primary_key=True),
    Column("speaker", Integer, ForeignKey("speakers.key"), primary_key=True, index=True),
)

# The statements of each live article's current revision; `number` is the place in `revisions.statements`.
said = Table(
    "said",
    METADATA,
    Column("key", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("article_id", String, ForeignKey("articles.id"), nullable=False, index=True),
    Column("number", Integer, nullable=False),
    Column("speaker", Integer, ForeignKey("speakers.key")),
    # Days since 1 January of year 1, of when it was said, else of when it was published; 0 where neither is known.
    Column("day", Integer, nullable=False),
    Column("kind", String, nullable=False),
    Column("start", Integer, nullable=False),
    # The same for the same words, whatever stands between them.
    Column("words", BigInteger, nullable=False, index=True),
    sqlite_autoincrement=True,
)
Index("said_by", said.c.speaker, said.c.day)
Index("said_on", said.c.day, said.c.key)
