//! Pictures for tests: made here, but for the one form that nothing here writes.

use std::io::Cursor;

use image::{DynamicImage, ImageFormat, Rgb, RgbImage, Rgba, RgbaImage};

/// 48 by 32 pixels, blue on the left and red on the right.
const AVIF: &[u8] = include_bytes!("../../tests/fixtures/pictures/halves.avif");

/// A picture whose left half is blue and whose right half is red.
pub(crate) fn halves(width: u32, height: u32) -> DynamicImage {
    let dot = |x, _| {
        if x < width / 2 {
            Rgb([20, 120, 220])
        } else {
            Rgb([200, 30, 60])
        }
    };
    DynamicImage::ImageRgb8(RgbImage::from_fn(width, height, dot))
}

/// A picture one can see through.
pub(crate) fn glass(width: u32, height: u32) -> DynamicImage {
    DynamicImage::ImageRgba8(RgbaImage::from_pixel(width, height, Rgba([0, 90, 0, 100])))
}

/// The file of a picture.
pub(crate) fn file(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut out = Cursor::new(Vec::new());
    picture.write_to(&mut out, format).expect("a picture");
    out.into_inner()
}

/// The file of [`halves`] as PNG.
pub(crate) fn png(width: u32, height: u32) -> Vec<u8> {
    file(&halves(width, height), ImageFormat::Png)
}

/// A small AVIF picture.
pub(crate) fn avif() -> Vec<u8> {
    AVIF.to_vec()
}

/// A JPEG of [`halves`] that says where it was taken, and how it is to be turned.
pub(crate) fn jpeg_with_exif(width: u32, height: u32, orientation: u16) -> Vec<u8> {
    let jpeg = file(&halves(width, height), ImageFormat::Jpeg);
    with_segment(&jpeg, 0xE1, &exif(orientation))
}

/// A JPEG with one more segment behind its beginning.
pub(crate) fn with_segment(jpeg: &[u8], marker: u8, content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len() + 2).expect("a short segment");
    let mut out = jpeg[..2].to_vec();
    out.extend([0xFF, marker]);
    out.extend(length.to_be_bytes());
    out.extend(content);
    out.extend(&jpeg[2..]);
    out
}

/// EXIF with an orientation, a maker's name and a place: "GPS-52.5N".
fn exif(orientation: u16) -> Vec<u8> {
    let mut out = b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x02".to_vec();
    // 0x0112 orientation, one short.
    out.extend([0x01, 0x12, 0, 3, 0, 0, 0, 1]);
    out.extend(orientation.to_be_bytes());
    out.extend([0, 0]);
    // 0x010f maker, ten letters at 38.
    out.extend([0x01, 0x0f, 0, 2, 0, 0, 0, 10, 0, 0, 0, 38]);
    out.extend([0, 0, 0, 0]);
    out.extend(b"GPS-52.5N\0");
    out
}
