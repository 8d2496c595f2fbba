//! Hands pictures to processes that decode them, few at a time, and ends those that take too long.

use std::io;
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::process::{Child, Command};
use tokio::sync::Semaphore;

use super::picture::{self, Bounds, Made, Rejected};

/// The verb of this program that decodes one picture.
pub(crate) const VERB: &str = "decode-picture";
/// This very program, even if its file was replaced since it was started.
const PROGRAM: &str = "/proc/self/exe";
/// How many pictures may wait for their turn; more are turned away.
const WAITING: usize = 64;
/// The most bytes that are made of one picture.
const MOST_MADE: usize = 96 << 20;
/// Beside its own time, which it is told, what a process has to begin and to hand over.
const GRACE: Duration = Duration::from_secs(5);

/// Makes pictures harmless. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Workshop {
    benches: Arc<Semaphore>,
    waiting: Arc<AtomicUsize>,
    command: Arc<[String]>,
    grace: Duration,
}

impl Workshop {
    /// A workshop that decodes so many pictures at once.
    pub(super) fn new(decoders: u32) -> Self {
        let command = [PROGRAM.to_owned(), VERB.to_owned()];
        Self {
            grace: GRACE,
            ..Self::with_command(decoders, &command)
        }
    }

    /// The same with another program that is granted no grace, as tests have it of one that
    /// misbehaves.
    pub(super) fn with_command(decoders: u32, command: &[String]) -> Self {
        Self {
            grace: Duration::ZERO,
            benches: Arc::new(Semaphore::new(decoders.max(1) as usize)),
            waiting: Arc::default(),
            command: command.into(),
        }
    }

    /// Makes a picture harmless.
    ///
    /// # Errors
    /// Why nothing was made of it.
    pub(crate) async fn make(&self, bytes: &[u8], bounds: &Bounds) -> Result<Made, Rejected> {
        let _turn = Turn::take(&self.waiting)?;
        let _bench = self
            .benches
            .acquire()
            .await
            .map_err(|_closed| Rejected::Busy)?;
        // The program of a test is the test itself, which knows no verbs.
        if cfg!(test) && self.command.first().is_some_and(|name| name == PROGRAM) {
            return super::decode::make(bytes, bounds);
        }
        let time = Duration::from_secs(bounds.seconds) + self.grace;
        tokio::time::timeout(time, self.ask(bytes, bounds))
            .await
            .unwrap_or(Ok(Err(Rejected::Slow)))
            .unwrap_or_else(|error| {
                tracing::error!(%error, "no picture can be decoded");
                Err(Rejected::Busy)
            })
    }

    /// Runs the process. It is killed when this is dropped.
    async fn ask(&self, bytes: &[u8], bounds: &Bounds) -> io::Result<Result<Made, Rejected>> {
        let mut child = self.start()?;
        let (input, output) = (child.stdin.take(), child.stdout.take());
        let (Some(mut input), Some(mut output)) = (input, output) else {
            return Err(io::Error::other("a process without input or output"));
        };
        let send = async {
            let mut head = serde_json::to_vec(bounds)?;
            head.push(b'\n');
            input.write_all(&head).await?;
            input.write_all(bytes).await?;
            input.shutdown().await?;
            drop(input);
            Ok::<_, io::Error>(())
        };
        let mut made = Vec::new();
        let receive = async {
            let most = u64::try_from(MOST_MADE).unwrap_or(u64::MAX);
            (&mut output).take(most).read_to_end(&mut made).await
        };
        // A process that ends early closes its input; what it said before that counts.
        let (_sent, received) = tokio::join!(send, receive);
        received?;
        if made.len() >= MOST_MADE {
            return Ok(Err(Rejected::Large));
        }
        Ok(match picture::read(&made) {
            Some(outcome) => outcome,
            None => Err(why_it_died(&mut child).await?),
        })
    }

    fn start(&self) -> io::Result<Child> {
        let (program, arguments) = self
            .command
            .split_first()
            .ok_or_else(|| io::Error::other("no program"))?;
        Command::new(program)
            .args(arguments)
            .env_clear()
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
    }
}

/// A process that gets no more memory aborts, one that had its time is ended by the kernel, and one
/// that panicked says so.
async fn why_it_died(child: &mut Child) -> io::Result<Rejected> {
    use std::os::unix::process::ExitStatusExt as _;
    const ABORTED: i32 = 6;
    const KILLED: i32 = 9;
    const OUT_OF_TIME: i32 = 24;
    Ok(match child.wait().await?.signal() {
        Some(ABORTED) => Rejected::Large,
        Some(OUT_OF_TIME | KILLED) => Rejected::Slow,
        _ => Rejected::Broken,
    })
}

/// A place in the queue.
struct Turn<'a>(&'a AtomicUsize);

impl<'a> Turn<'a> {
    fn take(waiting: &'a AtomicUsize) -> Result<Self, Rejected> {
        let before = waiting.fetch_add(1, Ordering::Relaxed);
        let turn = Self(waiting);
        if before < WAITING {
            Ok(turn)
        } else {
            Err(Rejected::Busy)
        }
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}
