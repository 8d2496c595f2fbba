//! The real binary as a person runs it: a settings file, the command line, HTTP. Nothing else.

use std::collections::HashMap;
use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::{Duration, Instant};

use serde_json::Value;

use super::database::{Database, Kind};

/// The binary under test.
pub(crate) const BINARY: &str = env!("CARGO_BIN_EXE_guildhall");

/// A password that no rule minds.
pub(crate) const PASSWORD: &str = "correct horse battery staple";

/// How long anything may take that is no matter of speed.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// A loopback address of its own with a free port, `127.x.y.1:port`, for one server.
pub(crate) fn free_host() -> String {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let ip = format!("127.77.{}.1", number % 250);
    let socket = TcpListener::bind((ip.as_str(), 0)).expect("a free port");
    let port = socket.local_addr().expect("a bound socket").port();
    format!("{ip}:{port}")
}

/// What a verb of the command line did.
#[derive(Debug)]
pub(crate) struct Outcome {
    /// The exit code.
    pub(crate) code: Option<i32>,
    /// The result.
    pub(crate) stdout: String,
    /// What it said to people.
    pub(crate) stderr: String,
}

/// An answer of the hub.
#[derive(Debug)]
pub(crate) struct Answer {
    /// The status.
    pub(crate) status: u16,
    /// The content type.
    pub(crate) kind: String,
    /// The body.
    pub(crate) text: String,
}

impl Answer {
    /// The body as JSON; null where it is none.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or(Value::Null)
    }

    /// The body, provided that the status is this one.
    #[track_caller]
    pub(crate) fn expect(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.text);
        self.json()
    }
}

/// A client that follows no redirects and knows no proxies.
pub(crate) fn client() -> reqwest::Client {
    #[expect(
        clippy::disallowed_methods,
        reason = "here nothing of the hub speaks, but people and servers around it"
    )]
    let builder = reqwest::Client::builder();
    builder
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .timeout(PATIENCE)
        .build()
        .expect("a client")
}

/// Sends a request and reads the whole answer.
pub(crate) async fn answer(request: reqwest::RequestBuilder) -> Result<Answer, reqwest::Error> {
    let response = request.send().await?;
    let status = response.status().as_u16();
    let kind = response
        .headers()
        .get("content-type")
        .and_then(|kind| kind.to_str().ok())
        .unwrap_or_default()
        .to_owned();
    let text = response.text().await?;
    Ok(Answer { status, kind, text })
}

/// One hub with its settings, its data and, while it runs, its process.
pub(crate) struct Hub {
    /// Host and port as they appear in ids.
    pub(crate) domain: String,
    /// `http://` and the domain.
    pub(crate) base: String,
    /// For whoever asks the hub.
    pub(crate) client: reqwest::Client,
    tokens: HashMap<String, String>,
    child: Option<Child>,
    _database: Database,
    dir: tempfile::TempDir,
}

impl Hub {
    /// Writes the settings of a hub in development on a fresh database.
    pub(crate) fn new(kind: Kind) -> Self {
        Self::with(kind, "")
    }

    /// The same with more settings at the end of the file.
    pub(crate) fn with(kind: Kind, more: &str) -> Self {
        let domain = free_host();
        let dir = tempfile::tempdir().expect("a temporary directory");
        let name = format!(
            "guildhall_it_{}_{}",
            std::process::id(),
            domain.replace(['.', ':'], "_")
        );
        let database = Database::new(kind, &name);
        let data = dir.path().join("data");
        let text = format!(
            "[instance]\ndomain = \"{domain}\"\nname = \"First name\"\n\n\
             [server]\nbind = \"{domain}\"\ndata_dir = \"{}\"\n\n\
             [database]\nurl = \"{}\"\n\n\
             [federation]\ndevelopment = true\n\n{more}\n",
            data.display(),
            database.url
        );
        fs::write(dir.path().join("guildhall.toml"), text).expect("a settings file");
        Self {
            base: format!("http://{domain}"),
            domain,
            client: client(),
            tokens: HashMap::new(),
            child: None,
            _database: database,
            dir,
        }
    }

    /// The settings file.
    pub(crate) fn settings(&self) -> PathBuf {
        self.dir.path().join("guildhall.toml")
    }

    /// Replaces a text in the settings file.
    #[track_caller]
    pub(crate) fn change_settings(&self, old: &str, new: &str) {
        let text = fs::read_to_string(self.settings()).expect("a settings file");
        assert!(text.contains(old), "{old} is not in {text}");
        fs::write(self.settings(), text.replace(old, new)).expect("a settings file");
    }

    // ---- the command line

    /// Runs a verb with the hub's settings.
    pub(crate) fn verb(&self, words: &[&str], stdin: &str) -> Outcome {
        let mut child = Command::new(BINARY)
            .arg("--config")
            .arg(self.settings())
            .args(words)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary starts");
        let mut input = child.stdin.take().expect("a piped input");
        // A verb that refuses early does not read.
        drop(input.write_all(stdin.as_bytes()));
        drop(input);
        let output = child.wait_with_output().expect("the verb ends");
        Outcome {
            code: output.status.code(),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// Runs a verb that must succeed, and gives its result.
    #[track_caller]
    pub(crate) fn must(&self, words: &[&str], stdin: &str) -> String {
        let outcome = self.verb(words, stdin);
        assert_eq!(outcome.code, Some(0), "{words:?}: {outcome:?}");
        outcome.stdout
    }

    /// Makes an account with a token, which `api` uses from now on.
    #[track_caller]
    pub(crate) fn user(&mut self, name: &str, role: &str) {
        let email = format!("{name}@mail.example");
        let words = ["user", "create", name, "--email", &email, "--role", role];
        let words = [&words[..], &["--password-stdin"]].concat();
        self.must(&words, &format!("{PASSWORD}\n"));
        let token = self.must(&["token", "create", name], "");
        let token = token.lines().last().expect("a token").trim().to_owned();
        self.tokens.insert(name.to_owned(), token);
    }

    /// Makes a group.
    #[track_caller]
    pub(crate) fn group(&self, name: &str, owner: &str) {
        let words = ["group", "create", name, "--title", name, "--owner", owner];
        self.must(&words, "");
    }

    // ---- the process

    fn log_file(&self) -> PathBuf {
        self.dir.path().join("log.txt")
    }

    /// Everything that the hub logged.
    pub(crate) fn log(&self) -> String {
        let log = fs::read(self.log_file()).unwrap_or_default();
        String::from_utf8_lossy(&log).into_owned()
    }

    fn log_end(&self) -> String {
        let log = self.log();
        let lines: Vec<&str> = log.lines().collect();
        let end = lines.len().saturating_sub(40);
        lines.get(end..).unwrap_or_default().join("\n")
    }

    fn appended_log(&self) -> File {
        let mut options = OpenOptions::new();
        let file = options.create(true).append(true).open(self.log_file());
        file.expect("a log file")
    }

    /// Starts the process without waiting for anything.
    pub(crate) fn spawn(&mut self) {
        let child = Command::new(BINARY)
            .arg("--config")
            .arg(self.settings())
            .arg("serve")
            .stdin(Stdio::null())
            .stdout(self.appended_log())
            .stderr(self.appended_log())
            .spawn()
            .expect("the binary starts");
        self.child = Some(child);
    }

    /// Starts the process and waits until it is ready; says how long that took.
    pub(crate) async fn start(&mut self) -> Duration {
        let begun = Instant::now();
        self.spawn();
        loop {
            if let Ok(answer) = answer(self.client.get(format!("{}/readyz", self.base))).await
                && answer.status == 200
            {
                return begun.elapsed();
            }
            let child = self.child.as_mut().expect("just started");
            let ended = child.try_wait().expect("a process to ask");
            assert!(ended.is_none(), "the hub ended:\n{}", self.log_end());
            assert!(
                begun.elapsed() < PATIENCE,
                "the hub is not ready:\n{}",
                self.log_end()
            );
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// The number of the process.
    pub(crate) fn pid(&self) -> u32 {
        self.child.as_ref().expect("a running hub").id()
    }

    /// SIGKILL: the process has no chance to do anything more.
    pub(crate) fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            drop(child.kill());
            drop(child.wait());
        }
    }

    /// Sends a signal by its name.
    pub(crate) fn signal(&self, name: &str) {
        let status = Command::new("kill")
            .args(["-s", name, &self.pid().to_string()])
            .status()
            .expect("kill(1) runs");
        assert!(status.success());
    }

    /// Waits for the process to end by itself; None if it does not in time.
    pub(crate) async fn ended(&mut self, within: Duration) -> Option<Option<i32>> {
        let begun = Instant::now();
        let child = self.child.as_mut().expect("a running hub");
        while begun.elapsed() < within {
            if let Some(status) = child.try_wait().expect("a process to ask") {
                self.child = None;
                return Some(status.code());
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        None
    }

    /// The resident memory of the process in KiB, as the line of this name gives it.
    pub(crate) fn memory(&self, line: &str) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.pid()));
        let status = status.expect("the kernel knows the process");
        status
            .lines()
            .find_map(|l| l.strip_prefix(line)?.strip_prefix(':'))
            .and_then(|rest| rest.split_whitespace().next()?.parse().ok())
            .expect("a number of kB")
    }

    // ---- HTTP

    /// A request with the token of `user`; nobody's when that is empty.
    pub(crate) fn request(&self, method: &str, path: &str, user: &str) -> reqwest::RequestBuilder {
        let method = method.parse().expect("a method");
        let request = self.client.request(method, format!("{}{path}", self.base));
        match self.tokens.get(user) {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    /// A call of the hub's API, `path` counted from its root.
    pub(crate) async fn api(&self, method: &str, path: &str, user: &str, body: Value) -> Answer {
        let mut request = self.request(method, &format!("/api/hub/v1{path}"), user);
        if !body.is_null() {
            request = request
                .header("content-type", "application/json")
                .body(body.to_string());
        }
        answer(request).await.expect("the hub answers")
    }

    /// An ActivityPub document.
    pub(crate) async fn document(&self, url: &str) -> Answer {
        let request = self.client.get(url);
        let request = request.header("accept", "application/activity+json");
        answer(request).await.expect("the hub answers")
    }

    /// All items of a list, by following its cursors.
    pub(crate) async fn list(&self, path: &str, user: &str) -> Vec<Value> {
        let mut items = Vec::new();
        let mut cursor = String::new();
        loop {
            let mark = if path.contains('?') { '&' } else { '?' };
            let page = format!("{path}{mark}limit=100{cursor}");
            let page = self.api("GET", &page, user, Value::Null).await.expect(200);
            items.extend(page["items"].as_array().cloned().unwrap_or_default());
            match page["next"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => return items,
            }
        }
    }

    /// The posts of a group, deleted ones left out.
    pub(crate) async fn posts(&self, group: &str) -> Vec<Value> {
        let mut posts = self.list(&format!("/groups/{group}/posts"), "").await;
        posts.retain(|post| post["deleted"] != true);
        posts
    }
}

impl Drop for Hub {
    fn drop(&mut self) {
        self.kill();
        if std::thread::panicking() {
            let words = format!("log of {}:\n{}\n", self.domain, self.log_end());
            drop(std::io::stderr().write_all(words.as_bytes()));
        }
    }
}
