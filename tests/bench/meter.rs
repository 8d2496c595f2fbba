//! CPU time by the kernel's account, and what the openssl crate signs at best.

use std::fs;
use std::time::{Duration, Instant};

use openssl::hash::MessageDigest;
use openssl::sign::Signer;

use crate::sign;

/// A tick of the kernel's clock of CPU time, in µs (`USER_HZ` is 100 on every Linux).
const TICK: f64 = 10_000.0;

/// How many threads run at once.
pub(crate) fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// The load average of the last minute.
pub(crate) fn load() -> String {
    let text = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split(' ').next().unwrap_or_default().to_owned()
}

/// Parent, own ticks, and ticks of children that ended.
fn stat(pid: u32) -> Option<(u32, u64, u64)> {
    let text = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let fields: Vec<&str> = text.rsplit_once(") ")?.1.split(' ').collect();
    let number = |at: usize| fields.get(at)?.parse::<u64>().ok();
    let parent = u32::try_from(number(1)?).ok()?;
    Some((parent, number(11)? + number(12)?, number(13)? + number(14)?))
}

/// The hub's process and those of its database server.
pub(crate) struct Meter {
    hub: u32,
    server: Option<u32>,
}

impl Meter {
    /// `backend` is any process of the database server.
    pub(crate) fn new(hub: u32, backend: Option<u32>) -> Self {
        let server = backend.and_then(|pid| Some(stat(pid)?.0));
        Self { hub, server }
    }

    /// CPU time used so far, in µs.
    pub(crate) fn used(&self) -> f64 {
        let mut ticks = stat(self.hub).map_or(0, |(_, own, _)| own);
        if let Some(server) = self.server {
            ticks += stat(server).map_or(0, |(_, own, ended)| own + ended);
            ticks += children(server).iter().sum::<u64>();
        }
        ticks as f64 * TICK
    }
}

fn children(parent: u32) -> Vec<u64> {
    let Ok(processes) = fs::read_dir("/proc") else {
        return Vec::new();
    };
    processes
        .flatten()
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .filter_map(stat)
        .filter(|(of, _, _)| *of == parent)
        .map(|(_, own, _)| own)
        .collect()
}

/// RSA-2048 signatures per second of the openssl crate, with every core at it.
pub(crate) fn signing_rate(time: Duration) -> f64 {
    let key = sign::common_key();
    let message = [7_u8; 300];
    let one = || {
        let (begun, mut made) = (Instant::now(), 0_u32);
        while begun.elapsed() < time {
            let mut signer = Signer::new(MessageDigest::sha256(), key).expect("a signer");
            let signature = signer.sign_oneshot_to_vec(&message).expect("a signature");
            made += u32::from(!signature.is_empty());
        }
        f64::from(made) / begun.elapsed().as_secs_f64()
    };
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..cores()).map(|_| scope.spawn(one)).collect();
        threads
            .into_iter()
            .map(|thread| thread.join().expect("signing does not fail"))
            .sum()
    })
}
