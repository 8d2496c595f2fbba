//! Pixels out of whatever came, and files of ours out of the pixels. Runs in a process of its own.
//!
//! Nothing but the pixels survives: no metadata, no colour profile (colours become sRGB), nothing
//! behind the end of the picture. Of an animation the first frame is kept: what moves without a way
//! to stop it is a barrier (WCAG 2.2.2), and a frame each is what bombs are made of.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::metadata::Orientation;
use image::{
    DynamicImage, GenericImageView as _, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits,
};
use moxcms::{ColorProfile, Layout, TransformOptions};

use super::picture::{Bounds, Made, Picture, Rejected};
use crate::domain::likeness::{self, Likeness};
use crate::domain::media::PictureKind;

/// The most pixels across or down that are looked at (security.md H215).
const LONGEST_SIDE: u32 = 16_384;
/// How good photographs stay, out of 100.
const QUALITY: u8 = 85;
/// A picture that one cannot see through is kept as JPEG if its PNG would be larger than this.
const LARGEST_PNG: usize = 1 << 20;
/// The side of the picture that the blurred preview is made of.
const BLURRED: u32 = 32;

/// Makes a picture harmless.
pub(super) fn make(bytes: &[u8], bounds: &Bounds) -> Result<Made, Rejected> {
    let (picture, drawn) = pixels(bytes, bounds)?;
    let picture = within(&picture, bounds.side).unwrap_or(picture);
    let (kind, full) = encode_best(&picture, drawn)?;
    let wider = bounds
        .widths
        .iter()
        .copied()
        .filter(|width| picture.width() > *width);
    let smaller = wider
        .map(|width| {
            let picture = picture.thumbnail(width, u32::MAX);
            let bytes = encode(&picture, kind)?;
            Ok(file(&picture, bytes))
        })
        .collect::<Result<_, Rejected>>()?;
    Ok(Made {
        kind,
        blurhash: blurhash(&picture)?,
        likeness: likeness(&picture)?,
        full: file(&picture, full),
        smaller,
    })
}

fn file(picture: &DynamicImage, bytes: Vec<u8>) -> Picture {
    Picture {
        width: picture.width(),
        height: picture.height(),
        bytes,
    }
}

/// The picture upright and in sRGB, with eight bits for a colour; and whether it was probably drawn
/// and not photographed.
fn pixels(bytes: &[u8], bounds: &Bounds) -> Result<(DynamicImage, bool), Rejected> {
    if is_avif(bytes) {
        return Ok((avif(bytes, bounds)?, false));
    }
    let format = image::guess_format(bytes).map_err(|_unknown| Rejected::Kind)?;
    let drawn = match format {
        ImageFormat::Png | ImageFormat::Gif => true,
        ImageFormat::Jpeg | ImageFormat::WebP => false,
        _ => return Err(Rejected::Kind),
    };
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = Limits::default();
    limits.max_image_width = Some(LONGEST_SIDE);
    limits.max_image_height = Some(LONGEST_SIDE);
    limits.max_alloc = Some(bounds.memory);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(|error| rejected(&error))?;
    check_size(decoder.dimensions(), bounds)?;
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let profile = decoder.icc_profile().ok().flatten();
    let picture = DynamicImage::from_decoder(decoder).map_err(|error| rejected(&error))?;
    let picture = eight_bits(picture);
    // Made smaller before it is turned, which takes a second copy.
    let mut picture = within(&picture, bounds.side).unwrap_or(picture);
    if let Some(profile) = profile {
        to_srgb(&mut picture, &profile);
    }
    picture.apply_orientation(orientation);
    Ok((picture, drawn))
}

fn check_size((width, height): (u32, u32), bounds: &Bounds) -> Result<(), Rejected> {
    let pixels = u64::from(width) * u64::from(height);
    if width > LONGEST_SIDE || height > LONGEST_SIDE || pixels > bounds.pixels {
        return Err(Rejected::Large);
    }
    Ok(())
}

fn rejected(error: &ImageError) -> Rejected {
    match error {
        ImageError::Limits(_) => Rejected::Large,
        _ => Rejected::Broken,
    }
}

/// The picture made smaller, if it is wider or higher than this.
fn within(picture: &DynamicImage, side: u32) -> Option<DynamicImage> {
    let (width, height) = picture.dimensions();
    (width.max(height) > side).then(|| picture.thumbnail(side, side))
}

fn eight_bits(picture: DynamicImage) -> DynamicImage {
    match picture {
        DynamicImage::ImageRgb8(_) | DynamicImage::ImageRgba8(_) => picture,
        other if other.color().has_alpha() => DynamicImage::ImageRgba8(other.into_rgba8()),
        other => DynamicImage::ImageRgb8(other.into_rgb8()),
    }
}

/// Colours as they were meant, for whoever knows no profiles; a profile that says nothing sensible
/// is left out.
fn to_srgb(picture: &mut DynamicImage, profile: &[u8]) {
    let Ok(profile) = ColorProfile::new_from_slice(profile) else {
        return;
    };
    let layout = match picture {
        DynamicImage::ImageRgb8(_) => Layout::Rgb,
        DynamicImage::ImageRgba8(_) => Layout::Rgba,
        _ => return,
    };
    let (srgb, options) = (ColorProfile::new_srgb(), TransformOptions::default());
    let Ok(transform) = profile.create_transform_8bit(layout, &srgb, layout, options) else {
        return;
    };
    let before = picture.as_bytes().to_vec();
    let after: &mut [u8] = match picture {
        DynamicImage::ImageRgb8(pixels) => pixels,
        DynamicImage::ImageRgba8(pixels) => pixels,
        _ => return,
    };
    if transform.transform(&before, after).is_err() {
        after.copy_from_slice(&before);
    }
}

/// Whether the file says that it is AVIF, a still or the first of several.
fn is_avif(bytes: &[u8]) -> bool {
    let brand = bytes.get(4..12);
    matches!(brand, Some(b"ftypavif" | b"ftypavis"))
}

fn avif(bytes: &[u8], bounds: &Bounds) -> Result<DynamicImage, Rejected> {
    let most = u32::try_from(bounds.pixels).unwrap_or(u32::MAX);
    let config = zenavif::DecoderConfig::new()
        .threads(1)
        .prefer_8bit(true)
        .frame_size_limit(most);
    let broken = |_| Rejected::Broken;
    let mut decoder = zenavif::ManagedAvifDecoder::new(bytes, &config).map_err(broken)?;
    let info = decoder.probe_info().map_err(broken)?;
    check_size((info.width, info.height), bounds)?;
    let (pixels, info) = decoder.decode_full(&zenavif::Unstoppable).map_err(broken)?;
    let picture = from_rows(&pixels).ok_or(Rejected::Broken)?;
    let mut picture = within(&picture, bounds.side).unwrap_or(picture);
    if let Some(profile) = &info.icc_profile {
        to_srgb(&mut picture, profile);
    }
    Ok(upright(picture, &info))
}

fn from_rows(pixels: &zenavif::PixelBuffer) -> Option<DynamicImage> {
    let (width, height) = (pixels.width(), pixels.height());
    let slice = pixels.as_slice();
    let bytes = slice.contiguous_bytes().into_owned();
    match bytes.len() / (usize::try_from(width).ok()? * usize::try_from(height).ok()?).max(1) {
        3 => image::RgbImage::from_raw(width, height, bytes).map(DynamicImage::ImageRgb8),
        4 => image::RgbaImage::from_raw(width, height, bytes).map(DynamicImage::ImageRgba8),
        1 => image::GrayImage::from_raw(width, height, bytes)
            .map(|grey| DynamicImage::ImageRgb8(DynamicImage::ImageLuma8(grey).into_rgb8())),
        _ => None,
    }
}

/// Turned counter-clockwise first and mirrored then, as the container says.
fn upright(picture: DynamicImage, info: &zenavif::ImageInfo) -> DynamicImage {
    let picture = match info.rotation.as_ref().map(|rotation| rotation.angle) {
        Some(90) => picture.rotate270(),
        Some(180) => picture.rotate180(),
        Some(270) => picture.rotate90(),
        _ => picture,
    };
    match info.mirror.as_ref().map(|mirror| mirror.axis) {
        Some(0) => picture.flipv(),
        Some(1) => picture.fliph(),
        _ => picture,
    }
}

/// What one can see through stays PNG; drawings do as long as that is small.
fn encode_best(picture: &DynamicImage, drawn: bool) -> Result<(PictureKind, Vec<u8>), Rejected> {
    let through = picture.color().has_alpha() && picture.pixels().any(|(_, _, dot)| dot.0[3] < 255);
    if through || drawn {
        let png = encode(picture, PictureKind::Png)?;
        if through || png.len() <= LARGEST_PNG {
            return Ok((PictureKind::Png, png));
        }
    }
    Ok((PictureKind::Jpeg, encode(picture, PictureKind::Jpeg)?))
}

fn encode(picture: &DynamicImage, kind: PictureKind) -> Result<Vec<u8>, Rejected> {
    let mut out = Vec::new();
    let written = match kind {
        PictureKind::Jpeg => {
            let opaque = DynamicImage::ImageRgb8(picture.to_rgb8());
            opaque.write_with_encoder(JpegEncoder::new_with_quality(&mut out, QUALITY))
        }
        PictureKind::Png => picture.write_with_encoder(PngEncoder::new_with_quality(
            &mut out,
            CompressionType::Default,
            FilterType::Adaptive,
        )),
    };
    written.map_err(|error| rejected(&error))?;
    Ok(out)
}

fn blurhash(picture: &DynamicImage) -> Result<String, Rejected> {
    let small = picture.thumbnail(BLURRED, BLURRED).into_rgba8();
    let (across, down) = if picture.width() >= picture.height() {
        (4, 3)
    } else {
        (3, 4)
    };
    blurhash::encode(across, down, small.width(), small.height(), small.as_raw())
        .map_err(|_empty| Rejected::Broken)
}

/// How the picture looks before white paper.
fn likeness(picture: &DynamicImage) -> Result<Likeness, Rejected> {
    let small = picture
        .thumbnail_exact(likeness::SIDE, likeness::SIDE)
        .into_rgba8();
    let colours = small.pixels().flat_map(|dot| {
        let [red, green, blue, seen] = dot.0;
        [red, green, blue].map(|colour| before_white(colour, seen))
    });
    Likeness::new(picture.dimensions(), colours.collect()).ok_or(Rejected::Broken)
}

fn before_white(colour: u8, seen: u8) -> u8 {
    let (colour, seen) = (u32::from(colour), u32::from(seen));
    u8::try_from((colour * seen + 255 * (255 - seen)) / 255).unwrap_or(u8::MAX)
}
