//! Hostile, broken and ordinary pictures; what is kept of them and where.

use image::{DynamicImage, ImageFormat};

use super::cupboard::Cupboard;
use super::picture::{Bounds, Made, Rejected};
use super::testing::{avif, file, glass, halves, jpeg_with_exif, png, with_segment};
use super::{Workshop, decode};
use crate::domain::clock::Ts;
use crate::domain::media::{FileName, PictureKind};
use crate::settings;

const NOW: Ts = Ts(1_780_315_200_000_000);

fn bounds() -> Bounds {
    Bounds::new(&settings::Media::default(), &[160, 640])
}

fn make(bytes: &[u8]) -> Result<Made, Rejected> {
    decode::make(bytes, &bounds())
}

fn shown(made: &Made) -> DynamicImage {
    image::load_from_memory(&made.full.bytes).unwrap()
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

#[test]
fn every_kind_that_is_taken_becomes_jpeg_or_png() {
    let table = [
        (file(&halves(48, 32), ImageFormat::Jpeg), PictureKind::Jpeg),
        (png(48, 32), PictureKind::Png),
        (file(&glass(48, 32), ImageFormat::Gif), PictureKind::Png),
        (file(&halves(48, 32), ImageFormat::WebP), PictureKind::Jpeg),
        (file(&glass(48, 32), ImageFormat::WebP), PictureKind::Png),
        (avif(), PictureKind::Jpeg),
    ];
    for (place, (bytes, kind)) in table.into_iter().enumerate() {
        let made = make(&bytes).unwrap();
        assert_eq!(
            (made.kind, made.full.width, made.full.height),
            (kind, 48, 32),
            "{place}"
        );
        assert!(made.blurhash.len() >= 6 && made.smaller.is_empty());
        let format = image::guess_format(&made.full.bytes).unwrap();
        assert_eq!(format.to_mime_type(), kind.media_type());
    }
}

#[test]
fn an_avif_picture_keeps_its_colours() {
    let picture = shown(&make(&avif()).unwrap()).into_rgb8();
    let near = |x, wanted: [u8; 3]| {
        let dot = picture.get_pixel(x, 16).0;
        dot.iter().zip(wanted).all(|(a, b)| a.abs_diff(b) < 24)
    };
    assert!(near(8, [20, 120, 220]) && near(40, [200, 30, 60]));
}

#[test]
fn smaller_sizes_are_made_of_wider_pictures_only() {
    let made = make(&png(700, 300)).unwrap();
    let widths: Vec<_> = made
        .smaller
        .iter()
        .map(|one| (one.width, one.height))
        .collect();
    assert_eq!(widths, [(160, 69), (640, 274)]);
    let bounds = Bounds {
        side: 350,
        ..bounds()
    };
    let made = decode::make(&png(700, 300), &bounds).unwrap();
    assert_eq!((made.full.width, made.full.height), (350, 150));
}

#[test]
fn h221_nothing_but_the_picture_is_kept_and_it_stands_upright() {
    for orientation in 1..=8 {
        let before = jpeg_with_exif(64, 32, orientation);
        assert!(contains(&before, b"GPS-52.5N"));
        let made = make(&before).unwrap();
        assert!(!contains(&made.full.bytes, b"GPS-52.5N"), "H221");
        assert!(!contains(&made.full.bytes, b"Exif"), "H221");
        let turned = orientation >= 5;
        let size = if turned { (32, 64) } else { (64, 32) };
        assert_eq!(
            (made.full.width, made.full.height),
            size,
            "H221 {orientation}"
        );
        // The blue half was on the left.
        let picture = shown(&made).into_rgb8();
        let corner = picture.get_pixel(2, 2).0;
        let blue = corner[2] > corner[0];
        assert_eq!(
            blue,
            matches!(orientation, 1 | 4 | 5 | 6),
            "H221 {orientation}"
        );
    }
    let jpeg = file(&halves(20, 20), ImageFormat::Jpeg);
    for (marker, secret) in [
        (0xE1, b"http://ns.adobe.com/xap/1.0/\0SECRET".as_slice()),
        (0xED, b"Photoshop 3.0\08BIM SECRET"),
        (0xFE, b"SECRET"),
        (0xE2, b"ICC_PROFILE\0\x01\x01SECRET"),
    ] {
        let made = make(&with_segment(&jpeg, marker, secret)).unwrap();
        assert!(!contains(&made.full.bytes, b"SECRET"), "H221 {marker:x}");
    }
}

#[test]
fn h222_malformed_exif_changes_nothing() {
    let jpeg = file(&halves(20, 10), ImageFormat::Jpeg);
    for exif in [
        b"Exif\0\0".as_slice(),
        b"Exif\0\0MM\0\x2a\xff\xff\xff\xff",
        b"Exif\0\0MM\0\x2a\0\0\0\x08\xff\xff\x01\x12",
        b"Exif\0\0II\x2a\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\xff\xff\0\0\x08\0\0\0",
    ] {
        let made = make(&with_segment(&jpeg, 0xE1, exif)).unwrap();
        assert_eq!((made.full.width, made.full.height), (20, 10), "H222");
    }
}

/// A PNG that says this about its size and holds next to nothing.
fn png_of_size(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = png(8, 8);
    bytes[16..20].copy_from_slice(&width.to_be_bytes());
    bytes[20..24].copy_from_slice(&height.to_be_bytes());
    let sum = crc(&bytes[12..29]).to_be_bytes();
    bytes[29..33].copy_from_slice(&sum);
    bytes
}

fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0_u32, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| {
            (sum >> 1) ^ (0xEDB8_8320 & 0_u32.wrapping_sub(sum & 1))
        })
    })
}

#[test]
fn h215_what_says_that_it_is_huge_is_refused_before_it_is_unpacked() {
    for (width, height) in [(50_000, 50_000), (16_385, 1), (1, 16_385), (7_000, 7_000)] {
        let refused = make(&png_of_size(width, height));
        assert_eq!(refused, Err(Rejected::Large), "H215 {width}x{height}");
    }
    let mut gif = file(&halves(8, 8), ImageFormat::Gif);
    gif[6..10].copy_from_slice(&[0xff; 4]);
    assert!(make(&gif).is_err(), "H215");
}

#[test]
fn h216_of_an_animation_the_first_frame_is_kept() {
    use image::codecs::gif::GifEncoder;
    use image::{Delay, Frame};
    let mut gif = Vec::new();
    let mut encoder = GifEncoder::new(&mut gif);
    let frames = [halves(8, 8), glass(8, 8)].into_iter().cycle().take(400);
    let moving = frames.map(|picture| {
        Frame::from_parts(
            picture.into_rgba8(),
            0,
            0,
            Delay::from_numer_denom_ms(10, 1),
        )
    });
    encoder.encode_frames(moving).unwrap();
    drop(encoder);
    let made = make(&gif).unwrap();
    let picture = shown(&made).into_rgb8();
    assert!(picture.get_pixel(0, 0).0[2] > 150, "H216");
    assert!(made.full.bytes.len() < gif.len(), "H216");
}

#[test]
fn h217_pictures_that_break_off_are_refused_or_read_but_never_a_panic() {
    for format in [
        ImageFormat::Jpeg,
        ImageFormat::Png,
        ImageFormat::Gif,
        ImageFormat::WebP,
    ] {
        let whole = file(&halves(16, 16), format);
        for length in 0..whole.len() {
            if let Ok(made) = make(&whole[..length]) {
                assert_eq!(
                    (made.full.width, made.full.height),
                    (16, 16),
                    "H217 {length}"
                );
            }
        }
    }
    let whole = avif();
    for length in 0..whole.len() - 8 {
        assert!(make(&whole[..length]).is_err(), "H217 avif {length}");
    }
}

#[test]
fn h218_what_hangs_on_a_picture_is_cut_off() {
    let tails: [&[u8]; 4] = [
        b"<script>alert(1)</script>",
        b"PK\x03\x04evil.zip",
        b"<?php system('id');",
        b"%PDF-1.7 evil",
    ];
    for tail in tails {
        for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::Gif] {
            let mut bytes = file(&halves(16, 16), format);
            bytes.extend_from_slice(tail);
            let made = make(&bytes).unwrap();
            assert!(!contains(&made.full.bytes, tail), "H218");
        }
    }
    // A GIF whose first bytes are a comment of a script.
    let polyglot = b"GIF89a/*\x01\x00\x80\x00*/=1;alert(1);//";
    assert!(make(polyglot).is_err(), "H218");
}

#[test]
fn h219_h220_what_is_no_picture_is_of_no_kind() {
    let svg = r#"<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>"#;
    for bytes in [
        b"".as_slice(),
        b"x",
        b"<!doctype html><script>alert(1)</script>",
        b"MZ\x90\0\x03\0\0\0",
        b"%PDF-1.7",
        b"PK\x03\x04",
        b"II\x2a\0\x08\0\0\0",
        b"8BPS\0\x01",
        b"\0\0\0\x20ftypheic\0\0\0\0",
        b"\xff\x0a",
        b"BM\x36\0\0\0",
        svg.as_bytes(),
        b"<?xml version=\"1.0\"?><!DOCTYPE svg [<!ENTITY a SYSTEM \"file:///etc/passwd\">]><svg>&a;</svg>",
    ] {
        assert_eq!(make(bytes), Err(Rejected::Kind), "H219 H220 {bytes:?}");
    }
}

#[test]
fn h230_the_smallest_picture_is_one() {
    let made = make(&png(1, 1)).unwrap();
    assert_eq!((made.full.width, made.full.height), (1, 1), "H230");
}

#[tokio::test]
async fn r46_a_process_that_misbehaves_is_ended() {
    let run = |script: &str, seconds| {
        let command = ["/bin/sh", "-c", script].map(str::to_owned);
        let workshop = Workshop::with_command(1, &command);
        let bounds = Bounds {
            seconds,
            ..bounds()
        };
        async move { workshop.make(b"x", &bounds).await }
    };
    // Nothing is granted beyond its time here, so that nobody waits.
    assert_eq!(run("exec sleep 60", 0).await, Err(Rejected::Slow), "R-46");
    assert_eq!(run("kill -9 $$", 60).await, Err(Rejected::Slow), "R-46");
    assert_eq!(run("kill -6 $$", 60).await, Err(Rejected::Large), "R-46");
    assert_eq!(run("exit 101", 60).await, Err(Rejected::Broken), "R-46");
    assert_eq!(run("echo '{}'", 60).await, Err(Rejected::Broken), "R-46");
    assert_eq!(run("exec yes", 60).await, Err(Rejected::Large), "R-46");
}

#[tokio::test]
async fn a_picture_is_handed_over_whole() {
    let made = make(&png(700, 300)).unwrap();
    let outcome = super::picture::read(&super::picture::write(&Ok(made.clone())));
    assert_eq!(outcome, Some(Ok(made.clone())));
    let mut cut = super::picture::write(&Ok(made));
    cut.pop();
    assert_eq!(super::picture::read(&cut), None);
    let refused = super::picture::write(&Err(Rejected::Kind));
    assert_eq!(super::picture::read(&refused), Some(Err(Rejected::Kind)));
}

fn name(letter: &str, kind: PictureKind) -> FileName {
    FileName {
        key: letter.repeat(64),
        width: None,
        kind,
    }
}

#[tokio::test]
async fn h226_a_file_is_kept_whole_and_deleted_for_good() {
    let directory = tempfile::tempdir().unwrap();
    let cupboard = Cupboard::new(&settings::Media::default(), directory.path().to_owned());
    let name = name("a", PictureKind::Png);
    assert_eq!(cupboard.get(&name, NOW).await.unwrap(), None);
    cupboard.put(&name, b"picture".to_vec(), NOW).await.unwrap();
    let files = || {
        std::fs::read_dir(directory.path().join("aa"))
            .unwrap()
            .count()
    };
    assert_eq!(files(), 1, "H226: nothing unfinished lies beside it");
    let found = cupboard.get(&name, NOW).await.unwrap();
    assert_eq!(found.as_deref(), Some(b"picture".as_slice()));
    cupboard.delete(&name, NOW).await.unwrap();
    cupboard.delete(&name, NOW).await.unwrap();
    assert_eq!(files(), 0);
}

#[tokio::test]
async fn the_cache_stays_within_its_room_and_forgets_what_is_old() {
    use std::time::Duration;
    let directory = tempfile::tempdir().unwrap();
    let cache = super::Cache::new(directory.path().join("cache"));
    let day = Duration::from_hours(24);
    let now = Ts(i64::MAX / 4);
    assert_eq!(
        cache.find("https://a/1", None, NOW, day).await.unwrap(),
        None
    );
    assert_eq!(cache.prune(NOW, day, 0).await.unwrap(), 0);
    let made = make(&png(700, 300)).unwrap();
    for url in ["https://a/1", "https://a/2"] {
        cache.keep(url, made.clone()).await.unwrap();
    }
    // Files bear the time of this machine, whatever the clock of a test says.
    let kept = cache
        .find("https://a/1", Some(160), NOW, Duration::MAX)
        .await
        .unwrap();
    assert_eq!(kept.unwrap().bytes, made.smaller[0].bytes);
    let kept = cache
        .find("https://a/1", Some(1280), NOW, Duration::MAX)
        .await
        .unwrap();
    assert_eq!(kept.unwrap().bytes, made.full.bytes);
    assert_eq!(
        cache.find("https://a/1", None, now, day).await.unwrap(),
        None
    );
    let one = made.full.bytes.len()
        + made
            .smaller
            .iter()
            .map(|file| file.bytes.len())
            .sum::<usize>();
    let room = u64::try_from(one).unwrap();
    assert_eq!(cache.prune(NOW, Duration::MAX, 2 * room).await.unwrap(), 0);
    assert!(cache.prune(NOW, Duration::MAX, room).await.unwrap() >= 1);
    assert!(cache.prune(now, day, 2 * room).await.unwrap() >= 1);
    assert_eq!(
        cache
            .find("https://a/2", None, NOW, Duration::MAX)
            .await
            .unwrap(),
        None
    );
}
