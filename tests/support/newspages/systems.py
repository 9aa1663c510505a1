"""The list of all publishing systems whose pages are imitated."""

from __future__ import annotations

from tests.support.newspages import blogs, newspapers, recent, sites

SYSTEMS = (
    sites.WORDPRESS_CLASSIC,
    sites.WORDPRESS_BLOCK,
    sites.DRUPAL,
    blogs.GHOST,
    newspapers.ARC,
    newspapers.CHORUS,
    newspapers.BRIGHTSPOT,
    sites.AEM,
    sites.SQUARESPACE,
    blogs.BLOGGER,
    blogs.SUBSTACK,
    blogs.MEDIUM,
    newspapers.ESCENIC,
    newspapers.LIVE,
    newspapers.NEXT,
    sites.TABLES,
    newspapers.AMP,
    sites.WIX,
    newspapers.MISLEADING,
    recent.HERO,
    recent.LIVE_CARDS,
    recent.PANELS,
    recent.COMPONENTS,
)
