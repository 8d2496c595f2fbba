//! What one server still has to be told, and what of it may go out now: two lanes, content before
//! votes, in which entries of one key keep their order.

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use super::health::{Health, jittered, pause_after};
use super::profile::Profile;
use super::send::Verdict;
use crate::domain::activity::Lane;
use crate::domain::clock::Ts;
use crate::domain::ids::InstanceId;
use crate::settings::Delivery;
use crate::store::outbox::Relevant;

/// Entries that are kept in memory for one lane; what is more is read from the log again.
pub(super) const RING: usize = 256;
/// How far into a lane is looked for an entry whose key is free.
const LOOK_AHEAD: usize = 64;
/// Tries of an entry that the server will not take from us.
const TRIES_UNAUTHORISED: u32 = 3;
/// Failures of an entry while others were taken, before it is given up.
const STRIKES: u32 = 5;
/// Tries of an entry that fails on our own side.
const TRIES_BROKEN: u32 = 8;

/// One lane of one server. Everything up to `read_to` that is neither in the ring nor under way
/// is done with.
#[derive(Debug, Default)]
pub(super) struct Queue {
    ring: VecDeque<Relevant>,
    flying: BTreeSet<i64>,
    read_to: i64,
    /// The log holds more than the ring does.
    behind: bool,
    reading: bool,
    saved: i64,
}

impl Queue {
    /// The place up to which everything is done with, where `routed` is how far the log was
    /// handed out.
    fn cursor(&self, routed: i64) -> i64 {
        let waiting = self.ring.front().map(|entry| entry.seq);
        let lowest = match (waiting, self.flying.first().copied()) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        match lowest {
            Some(seq) => seq - 1,
            None if self.behind => self.read_to,
            None => self.read_to.max(routed),
        }
    }

    fn put_back(&mut self, entry: Relevant) {
        let place = self.ring.partition_point(|other| other.seq < entry.seq);
        self.ring.insert(place, entry);
    }
}

/// What is remembered of an entry that did not go through.
#[derive(Clone, Copy, Debug)]
struct Trouble {
    tries: u32,
    strikes: u32,
    oks_then: u64,
    not_before: Instant,
    /// How many of the requests that an entry means were taken.
    parts: usize,
}

/// What a server may be sent next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// This entry.
    Send(Lane, Relevant),
    /// Nothing before this moment.
    Wait(Instant),
    /// Nothing until something happens.
    Nothing,
}

/// An entry that a server will not be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct GivenUp {
    pub(super) seq: i64,
    pub(super) tries: u32,
    pub(super) why: String,
}

/// The end of one try.
#[derive(Debug)]
pub(super) struct Tried {
    pub(super) lane: Lane,
    pub(super) entry: Relevant,
    pub(super) verdict: Verdict,
    /// How many of the entry's requests were taken by now.
    pub(super) parts: usize,
}

/// One server.
pub(super) struct Server {
    pub(super) instance: InstanceId,
    pub(super) profile: Option<Arc<Profile>>,
    pub(super) profiling: bool,
    pub(super) health: Health,
    /// It stands in line to be served.
    pub(super) queued: bool,
    /// Its cursors moved since they were last saved.
    pub(super) dirty: bool,
    /// A timer will wake it then.
    pub(super) timer: Option<Instant>,
    /// An admin wants nothing sent to it.
    pub(super) paused: bool,
    content: Queue,
    votes: Queue,
    busy: Vec<i64>,
    trouble: HashMap<i64, Trouble>,
}

impl Server {
    pub(super) fn new(instance: InstanceId, health: Health) -> Self {
        Self {
            instance,
            profile: None,
            profiling: false,
            health,
            queued: false,
            dirty: false,
            timer: None,
            paused: false,
            content: Queue::default(),
            votes: Queue::default(),
            busy: Vec::new(),
            trouble: HashMap::new(),
        }
    }

    fn queue(&self, lane: Lane) -> &Queue {
        match lane {
            Lane::Content => &self.content,
            Lane::Votes => &self.votes,
        }
    }

    fn queue_mut(&mut self, lane: Lane) -> &mut Queue {
        match lane {
            Lane::Content => &mut self.content,
            Lane::Votes => &mut self.votes,
        }
    }

    /// Begins a lane at a saved cursor, when the log reaches up to `end`.
    pub(super) fn begin_at(&mut self, lane: Lane, cursor: i64, end: i64) {
        let queue = self.queue_mut(lane);
        queue.saved = cursor;
        queue.read_to = cursor;
        queue.behind = cursor < end;
    }

    /// Adds an entry; `room` says whether memory may grow. How many entries the rings gained.
    pub(super) fn push(&mut self, lane: Lane, entry: Relevant, room: bool) -> usize {
        self.dirty = true;
        let queue = self.queue_mut(lane);
        if queue.behind || entry.seq <= queue.read_to {
            return 0;
        }
        if !room || queue.ring.len() >= RING {
            queue.behind = true;
            return 0;
        }
        queue.read_to = entry.seq;
        queue.ring.push_back(entry);
        1
    }

    /// Finds a lane that has to be read from the log, and marks it as being read.
    pub(super) fn start_reading(&mut self, now: Instant) -> Option<(Lane, i64)> {
        self.health.allowance(now).checked_sub(1)?;
        let lane = Lane::ALL.into_iter().find(|lane| {
            let queue = self.queue(*lane);
            queue.behind && !queue.reading && queue.ring.len() < RING / 4
        })?;
        let queue = self.queue_mut(lane);
        queue.reading = true;
        Some((lane, queue.read_to))
    }

    /// Takes in what was read of the log: up to `reach`, where the log ends at `end` and was
    /// handed out up to `routed`. How many entries the ring gained.
    pub(super) fn finish_reading(
        &mut self,
        lane: Lane,
        found: Result<(Vec<Relevant>, i64), ()>,
        routed: i64,
    ) -> usize {
        self.dirty = true;
        let queue = self.queue_mut(lane);
        queue.reading = false;
        let Ok((entries, reach)) = found else {
            return 0;
        };
        let gained = entries.len();
        queue.ring.extend(entries);
        queue.read_to = queue.read_to.max(reach);
        queue.behind = queue.read_to < routed;
        gained
    }

    /// Picks what goes out next and marks it as under way.
    pub(super) fn next(&mut self, now: Instant) -> Next {
        if let Some(until) = self.health.pause(now) {
            return Next::Wait(until);
        }
        let under_way = self.content.flying.len() + self.votes.flying.len();
        if under_way >= self.health.allowance(now) as usize {
            return Next::Nothing;
        }
        let (found, wait) = self.look(now);
        let Some((lane, place)) = found else {
            return wait.map_or(Next::Nothing, Next::Wait);
        };
        let queue = self.queue_mut(lane);
        let Some(entry) = queue.ring.remove(place) else {
            return Next::Nothing;
        };
        queue.flying.insert(entry.seq);
        self.busy.push(entry.order_key);
        Next::Send(lane, entry)
    }

    /// The first entry whose key is free; while a server fails, the one that was tried least, so
    /// that one bad entry cannot stand for all.
    fn look(&self, now: Instant) -> (Option<(Lane, usize)>, Option<Instant>) {
        let mut held: Vec<i64> = Vec::new();
        let mut wait: Option<Instant> = None;
        let mut best: Option<(u32, Lane, usize)> = None;
        for lane in Lane::ALL {
            // What content there is, is being read: votes wait for it.
            if lane == Lane::Votes && self.content.behind && self.content.ring.is_empty() {
                break;
            }
            for (place, entry) in self.queue(lane).ring.iter().take(LOOK_AHEAD).enumerate() {
                if self.busy.contains(&entry.order_key) || held.contains(&entry.order_key) {
                    continue;
                }
                held.push(entry.order_key);
                let trouble = self.trouble.get(&entry.seq);
                if let Some(trouble) = trouble.filter(|trouble| trouble.not_before > now) {
                    wait = Some(wait.map_or(trouble.not_before, |w| w.min(trouble.not_before)));
                    continue;
                }
                let tries = trouble.map_or(0, |trouble| trouble.tries);
                if self.health.is_well() {
                    return (Some((lane, place)), None);
                }
                if best.is_none_or(|(fewest, ..)| tries < fewest) {
                    best = Some((tries, lane, place));
                }
            }
        }
        (best.map(|(_, lane, place)| (lane, place)), wait)
    }

    /// How many of an entry's requests were taken in earlier tries.
    pub(super) fn parts(&self, seq: i64) -> usize {
        self.trouble.get(&seq).map_or(0, |trouble| trouble.parts)
    }

    /// Takes in how a try ended. The entry is done with, put back, or given up.
    pub(super) fn finish(
        &mut self,
        tried: Tried,
        policy: &Delivery,
        now: Instant,
        at: Ts,
    ) -> (bool, Option<GivenUp>) {
        let Tried {
            lane,
            entry,
            verdict,
            parts,
        } = tried;
        self.dirty = true;
        self.queue_mut(lane).flying.remove(&entry.seq);
        if let Some(place) = self.busy.iter().position(|key| *key == entry.order_key) {
            self.busy.swap_remove(place);
        }
        let tries = self
            .trouble
            .get(&entry.seq)
            .map_or(0, |trouble| trouble.tries)
            + 1;
        let again = match verdict {
            Verdict::Nothing => Ok(()),
            Verdict::Taken => {
                self.health.taken(policy, at);
                Ok(())
            }
            Verdict::Refused(why) | Verdict::Gone(why) | Verdict::Disowned(why) => {
                self.health.answered(policy, at);
                Err((why, None))
            }
            Verdict::Unauthorised(why) => {
                self.health.answered(policy, at);
                let pause = policy.backoff_base.duration() * 6_u32.saturating_pow(tries.min(4));
                Err((why, (tries < TRIES_UNAUTHORISED).then_some(pause)))
            }
            Verdict::Failed { why, wait } => self.failed(entry.seq, why, wait, policy, now, at),
            Verdict::Broken(why) => {
                let pause = pause_after(policy, tries);
                Err((why, (tries < TRIES_BROKEN).then_some(pause)))
            }
        };
        match again {
            Ok(()) => {
                self.trouble.remove(&entry.seq);
                (true, None)
            }
            Err((why, None)) => {
                self.trouble.remove(&entry.seq);
                (
                    true,
                    Some(GivenUp {
                        seq: entry.seq,
                        tries,
                        why,
                    }),
                )
            }
            Err((_why, Some(pause))) => {
                self.put_off(entry.seq, tries, parts, now + jittered(pause));
                self.queue_mut(lane).put_back(entry);
                (false, None)
            }
        }
    }

    fn failed(
        &mut self,
        seq: i64,
        why: String,
        wait: Option<Duration>,
        policy: &Delivery,
        now: Instant,
        at: Ts,
    ) -> Result<(), (String, Option<Duration>)> {
        let before = self.trouble.get(&seq);
        let tries = before.map_or(0, |trouble| trouble.tries) + 1;
        // Others were taken since this one last failed: the fault is its own.
        let strike = before.is_some_and(|trouble| self.health.oks() > trouble.oks_then);
        if !strike {
            // The server pauses, not the entry: any other may be tried in its place.
            self.health.failed(policy, now, at, wait);
            return Err((why, Some(Duration::ZERO)));
        }
        let strikes = before.map_or(0, |trouble| trouble.strikes) + 1;
        if let Some(trouble) = self.trouble.get_mut(&seq) {
            trouble.strikes = strikes;
        }
        let pause = pause_after(policy, tries.min(8)).max(wait.unwrap_or_default());
        Err((why, (strikes < STRIKES).then_some(pause)))
    }

    fn put_off(&mut self, seq: i64, tries: u32, parts: usize, not_before: Instant) {
        let strikes = self.trouble.get(&seq).map_or(0, |trouble| trouble.strikes);
        let oks_then = self.health.oks();
        self.trouble.insert(
            seq,
            Trouble {
                tries,
                strikes,
                oks_then,
                not_before,
                parts,
            },
        );
    }

    /// What failed, and it itself, may be tried again now.
    pub(super) fn retry(&mut self, now: Instant) {
        self.health.retry(now);
        for trouble in self.trouble.values_mut() {
            trouble.not_before = trouble.not_before.min(now);
        }
    }

    /// Leaves what waits for a broken or paused server to the log. How many entries the rings lost.
    pub(super) fn shed(&mut self, routed: i64) -> usize {
        let mut lost = 0;
        for lane in Lane::ALL {
            let queue = self.queue_mut(lane);
            if queue.ring.is_empty() || !queue.flying.is_empty() || queue.reading {
                continue;
            }
            queue.read_to = queue.cursor(routed);
            queue.behind = true;
            lost += queue.ring.len();
            queue.ring = VecDeque::new();
        }
        lost
    }

    /// Whether nothing waits and nothing is under way in a lane.
    pub(super) fn is_idle(&self, lane: Lane) -> bool {
        let queue = self.queue(lane);
        queue.ring.is_empty() && queue.flying.is_empty() && !queue.behind
    }

    /// Whether the log holds more for it than it has in memory.
    pub(super) fn is_behind(&self) -> bool {
        self.content.behind || self.votes.behind
    }

    /// The cursor of a lane, if it moved since it was saved.
    pub(super) fn moved(&self, lane: Lane, routed: i64) -> Option<i64> {
        let queue = self.queue(lane);
        let cursor = queue.cursor(routed);
        (cursor > queue.saved).then_some(cursor)
    }

    /// Notes that a cursor was saved.
    pub(super) fn saved(&mut self, lane: Lane, seq: i64) {
        let queue = self.queue_mut(lane);
        queue.saved = queue.saved.max(seq);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Span;

    fn policy() -> Delivery {
        Delivery {
            backoff_base: Span::from_seconds(1),
            ..Delivery::default()
        }
    }

    fn entry(seq: i64, order_key: i64) -> Relevant {
        Relevant {
            seq,
            order_key,
            follower: true,
            groups: false,
            direct: false,
        }
    }

    fn server(entries: &[(i64, i64)]) -> Server {
        let mut server = Server::new(InstanceId(1), Health::new(Ts(0)));
        for _ in 0..8 {
            server.health.taken(&policy(), Ts(0));
        }
        for (seq, key) in entries {
            assert_eq!(server.push(Lane::Content, entry(*seq, *key), true), 1);
        }
        server
    }

    fn failed() -> Verdict {
        Verdict::Failed {
            why: "503".to_owned(),
            wait: None,
        }
    }

    fn end(server: &mut Server, seq: i64, key: i64, verdict: Verdict, now: Instant) -> bool {
        let entry = entry(seq, key);
        let tried = Tried {
            lane: Lane::Content,
            entry,
            verdict,
            parts: 0,
        };
        server.finish(tried, &policy(), now, Ts(0)).0
    }

    fn sent(next: Next) -> i64 {
        match next {
            Next::Send(_, entry) => entry.seq,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn entries_of_one_key_never_overlap_and_others_overtake() {
        let now = Instant::now();
        let mut server = server(&[(1, 7), (2, 7), (3, 8)]);
        assert_eq!(sent(server.next(now)), 1);
        assert_eq!(sent(server.next(now)), 3);
        assert_eq!(server.next(now), Next::Nothing, "2 waits for 1");
        end(&mut server, 3, 8, Verdict::Taken, now);
        assert_eq!(server.moved(Lane::Content, 3), None, "1 is not done");
        end(&mut server, 1, 7, Verdict::Taken, now);
        assert_eq!(server.moved(Lane::Content, 3), Some(1));
        assert_eq!(sent(server.next(now)), 2);
    }

    #[test]
    fn what_failed_goes_before_what_follows_it() {
        let now = Instant::now();
        let mut server = server(&[(1, 7), (2, 7)]);
        assert_eq!(sent(server.next(now)), 1);
        assert!(!end(&mut server, 1, 7, failed(), now));
        assert!(matches!(server.next(now), Next::Wait(_)));
        let later = now + Duration::from_secs(2);
        assert_eq!(sent(server.next(later)), 1);
        assert_eq!(server.next(later), Next::Nothing);
    }

    #[test]
    fn content_goes_before_votes() {
        let now = Instant::now();
        let mut server = server(&[]);
        server.push(Lane::Votes, entry(1, 1), true);
        server.push(Lane::Content, entry(2, 2), true);
        assert_eq!((sent(server.next(now)), sent(server.next(now))), (2, 1));
    }

    #[test]
    fn a_full_ring_leaves_the_rest_to_the_log() {
        let mut server = server(&[]);
        for seq in 1..=300 {
            server.push(Lane::Content, entry(seq, seq), true);
        }
        assert!(server.is_behind());
        let now = Instant::now();
        assert_eq!(server.start_reading(now), None, "the ring is full enough");
        for seq in 1..=250 {
            assert_eq!(sent(server.next(now)), seq);
            end(&mut server, seq, seq, Verdict::Taken, now);
        }
        assert_eq!(server.start_reading(now), Some((Lane::Content, 256)));
        let rest = (257..=300).map(|seq| entry(seq, seq)).collect();
        assert_eq!(
            server.finish_reading(Lane::Content, Ok((rest, 300)), 300),
            44
        );
        assert!(!server.is_behind());
        assert_eq!(
            server.push(Lane::Content, entry(300, 300), true),
            0,
            "known already"
        );
        for seq in 251..=300 {
            assert_eq!(sent(server.next(now)), seq);
            end(&mut server, seq, seq, Verdict::Taken, now);
        }
        assert_eq!(server.moved(Lane::Content, 300), Some(300));
    }

    #[test]
    fn a_poisonous_entry_is_given_up_while_others_are_taken() {
        let mut now = Instant::now();
        let mut server = server(&[(1, 1)]);
        let mut given_up = None;
        for other in 2..100 {
            if given_up.is_some() {
                break;
            }
            server.push(Lane::Content, entry(other, other), true);
            while let Next::Send(lane, entry) = server.next(now) {
                let verdict = if entry.seq == 1 {
                    failed()
                } else {
                    Verdict::Taken
                };
                let tried = Tried {
                    lane,
                    entry,
                    verdict,
                    parts: 0,
                };
                let (_, gone) = server.finish(tried, &policy(), now, Ts(0));
                given_up = given_up.or(gone);
            }
            now += Duration::from_secs(200);
        }
        assert_eq!(given_up.map(|gone| gone.seq), Some(1));
    }

    #[test]
    fn an_outage_gives_nothing_up() {
        let mut now = Instant::now();
        let mut server = server(&[(1, 1), (2, 2), (3, 3)]);
        for _ in 0..40 {
            now += Duration::from_secs(100_000);
            while let Next::Send(lane, entry) = server.next(now) {
                let tried = Tried {
                    lane,
                    entry,
                    verdict: failed(),
                    parts: 0,
                };
                assert_eq!(server.finish(tried, &policy(), now, Ts(0)), (false, None));
            }
        }
        server.shed(3);
        assert_eq!(server.moved(Lane::Content, 3), None);
        assert_eq!(
            server
                .start_reading(now + Duration::from_secs(100_000))
                .unwrap()
                .1,
            0
        );
    }

    #[test]
    fn what_a_server_will_not_take_from_us_is_tried_three_times() {
        let mut now = Instant::now();
        let mut server = server(&[(1, 1)]);
        let mut tries = 0;
        loop {
            let Next::Send(lane, entry) = server.next(now) else {
                panic!()
            };
            tries += 1;
            let verdict = Verdict::Unauthorised("401".to_owned());
            let (done, gone) = server.finish(
                Tried {
                    lane,
                    entry,
                    verdict,
                    parts: 0,
                },
                &policy(),
                now,
                Ts(0),
            );
            now += Duration::from_secs(100_000);
            if done {
                assert_eq!((tries, gone.unwrap().tries), (3, 3));
                break;
            }
        }
    }
}
