//! Cursors and limits: every list is a page of bounded size.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::clock::Ts;

/// The most rows of one page.
pub(crate) const MAX_LIMIT: u32 = 100;

/// What part of a list is asked for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct PageRequest {
    /// How many rows at most, 1 to [`MAX_LIMIT`].
    pub(crate) limit: u32,
    /// After which row; `None`: from the beginning.
    pub(crate) after: Option<Cursor>,
}

impl PageRequest {
    /// The first page of a list.
    pub(crate) fn first(limit: u32) -> Self {
        Self {
            limit: limit.clamp(1, MAX_LIMIT),
            after: None,
        }
    }
}

/// A place in a list ordered by a key and an id; opaque to callers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Cursor {
    /// The sort key of the last row seen; 0 where the id alone orders.
    pub(crate) key: f64,
    /// Its id.
    pub(crate) id: i64,
}

impl Cursor {
    /// A place in a list that is ordered by moments.
    #[expect(
        clippy::cast_precision_loss,
        reason = "micros stay below 2^53 until the year 2255"
    )]
    pub(crate) fn at(moment: Ts, id: i64) -> Self {
        Self {
            key: moment.0 as f64,
            id,
        }
    }

    /// The moment of a place that was made by [`Cursor::at`].
    #[expect(
        clippy::cast_possible_truncation,
        reason = "made from whole micros; what else somebody sent is cut to some moment"
    )]
    pub(crate) fn moment(self) -> Ts {
        Ts(self.key as i64)
    }

    /// The text a client sends back.
    pub(crate) fn encode(self) -> String {
        let mut bytes = [0u8; 16];
        let (key, id) = bytes.split_at_mut(8);
        key.copy_from_slice(&self.key.to_be_bytes());
        id.copy_from_slice(&self.id.to_be_bytes());
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// Reads a cursor given out before; `None` if it is none.
    pub(crate) fn decode(text: &str) -> Option<Self> {
        let bytes: [u8; 16] = URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok()?;
        let (key, id) = bytes.split_at(8);
        let cursor = Self {
            key: f64::from_be_bytes(key.try_into().ok()?),
            id: i64::from_be_bytes(id.try_into().ok()?),
        };
        cursor.key.is_finite().then_some(cursor)
    }
}

/// One page of a list, and where the next begins.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Page<T> {
    /// The rows.
    pub(crate) items: Vec<T>,
    /// Where to go on; `None` at the end.
    pub(crate) next: Option<Cursor>,
}

impl<T> Page<T> {
    /// The page of an empty list.
    pub(crate) fn nothing() -> Self {
        Self {
            items: Vec::new(),
            next: None,
        }
    }

    /// Cuts a list that was read with one row more than the limit.
    pub(crate) fn cut(mut items: Vec<T>, limit: u32, cursor: impl Fn(&T) -> Cursor) -> Self {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = items.len() > limit;
        items.truncate(limit);
        let next = if more { items.last().map(cursor) } else { None };
        Self { items, next }
    }

    /// The same page with its items changed.
    pub(crate) fn map<U>(self, f: impl FnMut(T) -> U) -> Page<U> {
        Page {
            items: self.items.into_iter().map(f).collect(),
            next: self.next,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cursors_survive_the_round_trip_and_nonsense_is_none() {
        let cursor = Cursor { key: 12.5, id: 42 };
        assert_eq!(Cursor::decode(&cursor.encode()), Some(cursor));
        for bad in ["", "x", "AAAA", &"A".repeat(500)] {
            assert_eq!(Cursor::decode(bad), None, "{bad}");
        }
    }

    #[test]
    fn the_last_page_has_no_next() {
        let cursor = |n: &i64| Cursor { key: 0.0, id: *n };
        assert_eq!(
            Page::cut(vec![1, 2, 3], 2, cursor).next.map(|c| c.id),
            Some(2)
        );
        assert_eq!(Page::cut(vec![1, 2], 2, cursor).next, None);
    }
}
