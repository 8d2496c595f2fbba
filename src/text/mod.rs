//! Text as people write and read it: Markdown, safe HTML, mentions, excerpts. Pure.
