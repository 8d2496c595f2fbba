//! How far the archives are that members take along: known while they are made, and an hour longer.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use moka::sync::Cache;

use crate::domain::clock::Ts;
use crate::domain::ids::ActorId;

/// Members of whose archives something is known.
const MOST: u64 = 1_000;
/// How long nothing may happen to one before it is forgotten.
const KEPT_FOR: Duration = Duration::from_hours(1);

/// What is known of archives. The last of each member counts.
pub(crate) struct Exports(Cache<ActorId, Arc<Export>>);

/// An archive on its way.
#[derive(Debug)]
pub(crate) struct Export {
    /// Since when.
    pub(crate) began: Ts,
    /// Of how many parts, as it was counted in the beginning.
    pub(crate) parts: u64,
    made: AtomicU64,
    bytes: AtomicU64,
    done: AtomicBool,
    broken: AtomicBool,
}

/// Where an archive stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    /// It is being made.
    Running,
    /// All of it was sent.
    Done,
    /// Whoever took it left, or a part could not be made.
    Broken,
}

impl Default for Exports {
    fn default() -> Self {
        let kept = Cache::builder().max_capacity(MOST).time_to_idle(KEPT_FOR);
        Self(kept.build())
    }
}

impl Exports {
    /// An archive of a member begins.
    pub(crate) fn begin(&self, member: ActorId, parts: u64, now: Ts) -> Arc<Export> {
        let export = Arc::new(Export {
            began: now,
            parts,
            made: AtomicU64::new(0),
            bytes: AtomicU64::new(0),
            done: AtomicBool::new(false),
            broken: AtomicBool::new(false),
        });
        self.0.insert(member, Arc::clone(&export));
        export
    }

    /// The last archive of a member.
    pub(crate) fn find(&self, member: ActorId) -> Option<Arc<Export>> {
        self.0.get(&member)
    }
}

impl Export {
    /// Another part is made.
    pub(crate) fn add_part(&self) {
        self.made.fetch_add(1, Ordering::Relaxed);
    }

    /// So many bytes more are sent.
    pub(crate) fn add_bytes(&self, bytes: usize) {
        let bytes = u64::try_from(bytes).unwrap_or(u64::MAX);
        self.bytes.fetch_add(bytes, Ordering::Relaxed);
    }

    /// All of it is there.
    pub(crate) fn finish(&self) {
        self.done.store(true, Ordering::Relaxed);
    }

    /// Nothing comes any more: it breaks off, unless all of it was there.
    pub(crate) fn end(&self) {
        self.broken.store(true, Ordering::Relaxed);
    }

    /// Where it stands.
    pub(crate) fn stage(&self) -> Stage {
        match (
            self.done.load(Ordering::Relaxed),
            self.broken.load(Ordering::Relaxed),
        ) {
            (true, _) => Stage::Done,
            (false, true) => Stage::Broken,
            (false, false) => Stage::Running,
        }
    }

    /// Parts that are made; a picture whose file is lost counts at the end.
    pub(crate) fn made(&self) -> u64 {
        if self.stage() == Stage::Done {
            return self.parts;
        }
        self.made.load(Ordering::Relaxed).min(self.parts)
    }

    /// Bytes that are sent.
    pub(crate) fn bytes(&self) -> u64 {
        self.bytes.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_archive_that_nobody_takes_to_its_end_broke_off() {
        let (exports, member) = (Exports::default(), ActorId(7));
        assert!(exports.find(member).is_none());
        let first = exports.begin(member, 3, Ts(1));
        first.add_part();
        first.add_bytes(10);
        assert_eq!(
            (first.stage(), first.made(), first.bytes()),
            (Stage::Running, 1, 10)
        );
        first.end();
        assert_eq!(first.stage(), Stage::Broken);
        let second = exports.begin(member, 3, Ts(2));
        second.finish();
        second.end();
        let last = exports.find(member).unwrap();
        assert_eq!((last.stage(), last.made()), (Stage::Done, 3));
    }
}
