//! How two texts differ, word by word.

use std::time::Duration;

use similar::{ChangeTag, TextDiff};

/// After so long a difference is told more coarsely.
const PATIENCE: Duration = Duration::from_millis(100);

/// A piece of a text beside another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Piece {
    /// Whether it is in both, was added or went away.
    pub(crate) kind: PieceKind,
    /// The words.
    pub(crate) text: String,
}

/// What became of a piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum PieceKind {
    /// It stands in both.
    Same,
    /// It is new.
    Added,
    /// It is no longer there.
    Gone,
}

/// How a new text differs from an old one; pieces of one kind in a row are one.
pub(crate) fn words(old: &str, new: &str) -> Vec<Piece> {
    let mut config = TextDiff::configure();
    config.timeout(PATIENCE);
    let diff = config.diff_words(old, new);
    let mut pieces: Vec<Piece> = Vec::new();
    for change in diff.iter_all_changes() {
        let kind = match change.tag() {
            ChangeTag::Equal => PieceKind::Same,
            ChangeTag::Insert => PieceKind::Added,
            ChangeTag::Delete => PieceKind::Gone,
        };
        match pieces.last_mut() {
            Some(last) if last.kind == kind => last.text.push_str(change.value()),
            _ => pieces.push(Piece {
                kind,
                text: change.value().to_owned(),
            }),
        }
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_came_and_went_are_told_apart() {
        let pieces = words("Tea is good.", "Green tea is very good.");
        let text = |kind| -> String {
            let of_kind = pieces.iter().filter(|piece| piece.kind == kind);
            of_kind.map(|piece| piece.text.as_str()).collect()
        };
        assert!(text(PieceKind::Added).contains("Green"), "{pieces:?}");
        assert!(text(PieceKind::Added).contains("very"), "{pieces:?}");
        assert_eq!(text(PieceKind::Gone).trim(), "Tea");
        assert!(text(PieceKind::Same).contains("good."));
    }

    #[test]
    fn nothing_differs_from_itself_and_long_texts_end_in_time() {
        assert_eq!(words("a b", "a b").len(), 1);
        assert!(words("", "").is_empty());
        let long = |period: u32| {
            let words = (0..20_000).map(|n| (n % period).to_string());
            words.collect::<Vec<_>>().join(" ")
        };
        let (old, new) = (long(977), long(1009));
        let pieces = words(&old, &new);
        let kept: String = pieces
            .iter()
            .filter(|piece| piece.kind != PieceKind::Gone)
            .map(|piece| piece.text.as_str())
            .collect();
        assert_eq!(kept, new);
    }
}
