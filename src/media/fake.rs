//! A server on this machine that keeps what is put there and gives it back: another server's
//! pictures, or a bucket that speaks S3, for tests.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

type Kept = BTreeMap<String, (String, Vec<u8>)>;

/// The server; it ends with the test's process.
#[derive(Clone)]
pub(crate) struct Shelf {
    port: u16,
    kept: Arc<Mutex<Kept>>,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Shelf {
    /// Starts an empty one.
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let shelf = Self {
            port,
            kept: Arc::default(),
            asked: Arc::default(),
        };
        let serving = shelf.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                serving.answer(&stream);
            }
        });
        shelf
    }

    /// Puts a file there, of this type.
    pub(crate) fn put(&self, path: &str, kind: &str, bytes: Vec<u8>) {
        let mut kept = self.kept.lock().expect("no test panics here");
        kept.insert(path.to_owned(), (kind.to_owned(), bytes));
    }

    /// The address of a path.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// The paths of everything that is there.
    pub(crate) fn paths(&self) -> Vec<String> {
        let kept = self.kept.lock().expect("no test panics here");
        kept.keys().cloned().collect()
    }

    /// Every request that came, as its first line.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.asked.lock().expect("no test panics here").clone()
    }

    fn answer(&self, stream: &TcpStream) {
        let mut reader = BufReader::new(stream);
        let mut head = Vec::new();
        let mut line = String::new();
        while reader.read_line(&mut line).is_ok_and(|read| read > 2) {
            head.push(std::mem::take(&mut line));
        }
        let length = head.iter().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case("content-length").then_some(value)
        });
        let length = length.and_then(|length| length.trim().parse().ok());
        let mut body = vec![0; length.unwrap_or(0)];
        drop(reader.read_exact(&mut body));
        let first = head.first().cloned().unwrap_or_default();
        let mut words = first.split(' ');
        let (method, target) = (words.next().unwrap_or(""), words.next().unwrap_or(""));
        let path = target.split('?').next().unwrap_or("").to_owned();
        self.asked
            .lock()
            .expect("no test panics here")
            .push(first.trim().to_owned());
        let (status, kind, body) = self.act(method, path, body);
        let head = format!(
            "HTTP/1.1 {status} x\r\ncontent-type: {kind}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
            body.len()
        );
        let mut stream = stream;
        drop(
            stream
                .write_all(head.as_bytes())
                .and_then(|()| stream.write_all(&body)),
        );
    }

    fn act(&self, method: &str, path: String, body: Vec<u8>) -> (u16, String, Vec<u8>) {
        let mut kept = self.kept.lock().expect("no test panics here");
        let nothing = || ("text/plain".to_owned(), Vec::new());
        let (status, (kind, body)) = match method {
            "PUT" => {
                kept.insert(path, ("application/octet-stream".to_owned(), body));
                (200, nothing())
            }
            "DELETE" => {
                kept.remove(&path);
                (204, nothing())
            }
            _ => match kept.get(&path) {
                Some(found) => (200, found.clone()),
                None => (404, nothing()),
            },
        };
        (status, kind, body)
    }
}
