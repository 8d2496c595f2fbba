//! Makes the files of the web face before the crate is compiled: joins, shortens, compresses and
//! fingerprints them, and writes the table that `faces/web/assets.rs` includes.
//!
//! Libraries come from `src/faces/web/node_modules`, which `npm ci` fills. Where it is missing, they
//! are left out, and the pages do without them.

#![expect(
    clippy::disallowed_methods,
    reason = "cargo says by environment where a build script writes"
)]

use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

const FACE: &str = "src/faces/web";
/// The first of the styles that are joined into `style.css`: it names the layers, which say what wins.
const TOKENS: &str = "tokens.css";
const PICTURES: [&str; 2] = ["icon.svg", "icons.svg"];
/// Files that are made of libraries, all of which must be there.
const LIBRARIES: [(&str, &[&str]); 3] = [
    ("htmx.js", &["htmx.org/dist/htmx.min.js"]),
    (
        "toolbar.js",
        &["@github/markdown-toolbar-element/dist/index.js"],
    ),
    (
        "expander.js",
        &["@github/text-expander-element/dist/bundle.js"],
    ),
];

type Done<T> = Result<T, Box<dyn Error>>;

fn main() -> Done<()> {
    println!("cargo::rerun-if-changed=src/build.rs");
    println!("cargo::rerun-if-changed={FACE}");
    pack_relocations();
    let out = PathBuf::from(std::env::var_os("OUT_DIR").ok_or("cargo names no OUT_DIR")?);
    let mut table = String::from("[\n");
    for (name, text) in files()? {
        add(&mut table, &out, &name, text.as_bytes())?;
    }
    table.push(']');
    fs::write(out.join("assets.rs"), table)?;
    Ok(())
}

/// Has the linker write down in 30 KiB instead of 3 MiB which addresses the program adjusts when it
/// starts; all of that is read, and stays in memory (`DT_RELR`, glibc since 2.36).
fn pack_relocations() {
    let of_target = |key: &str| std::env::var(key).unwrap_or_default();
    if of_target("CARGO_CFG_TARGET_OS") == "linux" && of_target("CARGO_CFG_TARGET_ENV") == "gnu" {
        println!("cargo::rustc-link-arg-bins=-Wl,-z,pack-relative-relocs");
    }
}

/// The name and text of every file.
fn files() -> Done<Vec<(String, String)>> {
    let own = Path::new(FACE).join("assets");
    let mut styles = texts(&own.join("styles"))?;
    styles.sort_by_key(|(name, _)| name != TOKENS);
    let style = styles.iter().map(|(_, text)| short_style(text)).collect();
    let mut list = vec![("style.css".to_owned(), style)];
    for (name, text) in texts(&own.join("scripts"))? {
        list.push((name, short_script(&text)));
    }
    for name in PICTURES {
        let text = fs::read_to_string(own.join(name))?;
        list.push((name.to_owned(), short_lines(&text)));
    }
    for (name, parts) in LIBRARIES {
        list.extend(library(parts)?.map(|text| (name.to_owned(), text)));
    }
    Ok(list)
}

/// The files of a folder, by name.
fn texts(folder: &Path) -> Done<Vec<(String, String)>> {
    let mut list = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        list.push((name, fs::read_to_string(entry.path())?));
    }
    list.sort();
    Ok(list)
}

/// Libraries in one text, if they are installed.
fn library(parts: &[&str]) -> Done<Option<String>> {
    let mut joined = String::new();
    for part in parts {
        let path = Path::new(FACE).join("node_modules").join(part);
        if !path.exists() {
            return Ok(None);
        }
        joined += &short_script(&fs::read_to_string(path)?);
    }
    Ok(Some(joined))
}

/// Without comments, and without blanks that mean nothing.
fn short_style(text: &str) -> String {
    let mut rest = text;
    let mut bare = String::new();
    while let Some((before, after)) = rest.split_once("/*") {
        bare += before;
        rest = after.split_once("*/").map_or("", |(_, after)| after);
    }
    bare += rest;
    let words: Vec<&str> = bare.split_whitespace().collect();
    let mut short = words.join(" ");
    for mark in ["{", "}", ";", ","] {
        short = short.replace(&format!("{mark} "), mark);
        short = short.replace(&format!(" {mark}"), mark);
    }
    short.replace(";}", "}").replace(": ", ":")
}

/// Without indentation, empty lines and comments that have lines of their own.
fn short_script(text: &str) -> String {
    let mut short = String::new();
    let mut comment = false;
    for line in text.lines().map(str::trim) {
        let whole = line.find("*/").is_none_or(|at| at + 2 == line.len());
        comment |= line.starts_with("/*") && whole;
        if !comment && !line.is_empty() && !line.starts_with("//") {
            short += line;
            short.push('\n');
        }
        comment &= !line.ends_with("*/");
    }
    short
}

fn short_lines(text: &str) -> String {
    text.lines().map(str::trim).collect()
}

/// Writes a file in three forms, and its row of the table.
fn add(table: &mut String, out: &Path, name: &str, bytes: &[u8]) -> Done<()> {
    let mut hash = String::new();
    for byte in Sha256::digest(bytes).iter().take(6) {
        write!(hash, "{byte:02x}")?;
    }
    for (ending, form) in [
        ("", bytes.to_vec()),
        (".br", brotli(bytes)?),
        (".gz", gzip(bytes)?),
    ] {
        fs::write(out.join(format!("{name}{ending}")), form)?;
    }
    let include =
        |ending: &str| format!("include_bytes!(concat!(env!(\"OUT_DIR\"), \"/{name}{ending}\"))");
    writeln!(
        table,
        "Asset {{ path: \"/assets/{hash}/{name}\", name: \"{name}\", plain: {}, brotli: {}, gzip: {} }},",
        include(""),
        include(".br"),
        include(".gz"),
    )?;
    Ok(())
}

fn brotli(bytes: &[u8]) -> Done<Vec<u8>> {
    let mut packed = Vec::new();
    let mut writer = brotli::CompressorWriter::new(&mut packed, 4096, 11, 22);
    writer.write_all(bytes)?;
    drop(writer);
    Ok(packed)
}

fn gzip(bytes: &[u8]) -> Done<Vec<u8>> {
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    writer.write_all(bytes)?;
    Ok(writer.finish()?)
}
