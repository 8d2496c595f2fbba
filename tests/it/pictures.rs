//! Pictures are decoded by a process of their own that can do nothing else, and are served.

use std::io::{Cursor, Write as _};
use std::process::{Command, Stdio};

use image::{DynamicImage, ImageFormat};
use serde_json::{Value, json};

use crate::support::hub::{BINARY, answer};
use crate::support::{Hub, on_both};

/// 48 by 32 pixels, blue on the left and red on the right.
const AVIF: &[u8] = include_bytes!("../fixtures/pictures/halves.avif");

fn png(width: u32, height: u32) -> Vec<u8> {
    let mut out = Cursor::new(Vec::new());
    let picture = DynamicImage::new_rgba8(width, height);
    picture
        .write_to(&mut out, ImageFormat::Png)
        .expect("a picture");
    out.into_inner()
}

/// What the process says of a picture, if it says anything, and its exit code.
fn decode(bytes: &[u8], memory: u64) -> (Option<Value>, Option<i32>) {
    let mut child = Command::new(BINARY)
        .arg("decode-picture")
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the binary starts");
    let bounds = json!({
        "pixels": 40_000_000, "side": 4_096, "widths": [16], "memory": memory, "seconds": 20,
    });
    let mut input = child.stdin.take().expect("a piped input");
    let line = format!("{bounds}\n");
    drop(
        input
            .write_all(line.as_bytes())
            .and_then(|()| input.write_all(bytes)),
    );
    drop(input);
    let output = child.wait_with_output().expect("it ends");
    let line = output
        .stdout
        .split(|b| *b == b'\n')
        .next()
        .unwrap_or_default();
    (serde_json::from_slice(line).ok(), output.status.code())
}

#[test]
fn r46_a_picture_is_decoded_without_files_sockets_or_much_memory() {
    for bytes in [&png(48, 32)[..], AVIF] {
        let (said, code) = decode(bytes, 256 << 20);
        let said = said.expect("an answer");
        assert_eq!(code, Some(0), "R-46");
        assert_eq!(said["Ok"]["files"][0][0], 48, "R-46 {said}");
        assert_eq!(said["Ok"]["files"][1][0], 16, "R-46 {said}");
    }
    assert_eq!(
        decode(b"<svg/>", 256 << 20).0,
        Some(json!({"Err": "kind"})),
        "H220"
    );
}

#[test]
fn h217_a_bomb_ends_its_own_process_and_nothing_else() {
    // 36 million pixels of nothing in a few kilobytes: 144 million bytes when unpacked.
    let bomb = png(6_000, 6_000);
    assert!(bomb.len() < 1 << 20);
    let (said, code) = decode(&bomb, 64 << 20);
    let refused = said == Some(json!({"Err": "large"}));
    assert!(
        refused || (said.is_none() && code.is_none()),
        "H217 {said:?} {code:?}"
    );
}

on_both!(a_hub_decodes_keeps_and_serves_pictures, |kind| {
    let mut hub = Hub::new(kind);
    hub.user("anna", "admin");
    hub.start().await;
    let mut body =
        b"--x\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\n".to_vec();
    body.extend_from_slice(AVIF);
    body.extend_from_slice(b"\r\n--x--\r\n");
    let request = hub
        .request("POST", "/api/hub/v1/media", "anna")
        .header("content-type", "multipart/form-data; boundary=x")
        .body(body);
    let uploaded = answer(request).await.expect("an answer");
    assert_eq!(uploaded.status, 201, "{}", uploaded.text);
    let media = uploaded.json();
    assert_eq!(
        (&media["width"], &media["media_type"]),
        (&json!(48), &json!("image/jpeg"))
    );
    let url = media["url"].as_str().expect("an address");
    let path = url.strip_prefix(&hub.base).unwrap_or(url).to_owned();
    let served = hub
        .request("GET", &path, "")
        .send()
        .await
        .expect("an answer");
    assert_eq!(served.status(), 200);
    assert_eq!(served.headers()["content-type"], "image/jpeg");
});
