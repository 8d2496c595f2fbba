//! Writes a ZIP archive as it is sent: nothing is known of a file before it is there, and nothing of
//! it is kept. Files are stored as they are, in DEFLATE's blocks for that, so that every program
//! finds the end of each (APPNOTE.TXT 6.3.10; RFC 1951, section 3.2.4).

/// Bytes of one stored block at most.
const BLOCK: usize = 0xFFFF;
/// The block that ends a file: the last one, and empty.
const LAST: [u8; 5] = [1, 0, 0, 0xFF, 0xFF];
/// Sizes follow the file (bit 3), and its name is UTF-8 (bit 11).
const FLAGS: u16 = 1 << 3 | 1 << 11;
/// DEFLATE.
const METHOD: u16 = 8;
/// What a program must know: ZIP 2.0, and 4.5 where numbers do not fit into 32 bits.
const VERSION: u16 = 20;
const VERSION_64: u16 = 45;

/// An archive that is being written.
#[derive(Debug)]
pub(super) struct Zip {
    /// Bytes so far.
    written: u64,
    files: Vec<File>,
    /// Day and time of all files, as MS-DOS had them.
    day: u16,
    time: u16,
}

#[derive(Debug)]
struct File {
    name: String,
    begins: u64,
    crc: u32,
    /// Bytes as they are, and with what is around them.
    size: u64,
    stored: u64,
}

impl Zip {
    /// An archive whose files were made at this moment: `2026-06-01T12:00` or longer.
    pub(super) fn new(at: &str) -> Self {
        let part = |from, to| at.get(from..to).and_then(|text: &str| text.parse().ok());
        let number = |from, to, least: u16| part(from, to).unwrap_or(least);
        let year = number(0, 4, 1980).clamp(1980, 2107) - 1980;
        Self {
            written: 0,
            files: Vec::new(),
            day: year << 9 | number(5, 7, 1) << 5 | number(8, 10, 1),
            time: number(11, 13, 0) << 11 | number(14, 16, 0) << 5,
        }
    }

    /// Begins a file: what is to be sent before its bytes.
    pub(super) fn begin(&mut self, name: &str) -> Vec<u8> {
        let mut out = Out::default();
        out.four(0x0403_4B50).two(VERSION).two(FLAGS).two(METHOD);
        out.two(self.time).two(self.day);
        // The sum and both sizes follow the file.
        out.four(0).four(0).four(0);
        out.two(short(name)).two(0).bytes(name.as_bytes());
        self.files.push(File {
            name: name.to_owned(),
            begins: self.written,
            crc: !0,
            size: 0,
            stored: 0,
        });
        self.count(out)
    }

    /// Some bytes of the file, as they are to be sent.
    pub(super) fn put(&mut self, bytes: &[u8]) -> Vec<u8> {
        let mut out = Out::default();
        for block in bytes.chunks(BLOCK) {
            let length = u16::try_from(block.len()).unwrap_or(u16::MAX);
            out.bytes(&[0]).two(length).two(!length).bytes(block);
        }
        if let Some(file) = self.files.last_mut() {
            file.crc = bytes.iter().copied().fold(file.crc, add);
            file.size += wide(bytes.len());
            file.stored += wide(out.0.len());
        }
        self.count(out)
    }

    /// Ends the file.
    pub(super) fn end(&mut self) -> Vec<u8> {
        let mut out = Out::default();
        out.bytes(&LAST);
        if let Some(file) = self.files.last_mut() {
            file.crc = !file.crc;
            file.stored += wide(LAST.len());
            out.four(0x0807_4B50).four(file.crc);
            out.four(narrow(file.stored)).four(narrow(file.size));
        }
        self.count(out)
    }

    /// Ends the archive: the list of its files.
    pub(super) fn finish(&mut self) -> Vec<u8> {
        let begins = self.written;
        let mut out = Out::default();
        for file in &self.files {
            self.list(file, &mut out);
        }
        let size = wide(out.0.len());
        let count = wide(self.files.len());
        let large = narrow(begins) == u32::MAX || count >= u64::from(u16::MAX);
        if large {
            out.four(0x0606_4B50).eight(44);
            out.two(VERSION_64).two(VERSION_64).four(0).four(0);
            out.eight(count).eight(count).eight(size).eight(begins);
            out.four(0x0706_4B50).four(0).eight(begins + size).four(1);
        }
        let count = u16::try_from(count).unwrap_or(u16::MAX);
        out.four(0x0605_4B50).two(0).two(0).two(count).two(count);
        out.four(narrow(size)).four(narrow(begins)).two(0);
        self.count(out)
    }

    fn list(&self, file: &File, out: &mut Out) {
        let far = narrow(file.begins) == u32::MAX;
        let version = if far { VERSION_64 } else { VERSION };
        out.four(0x0201_4B50).two(version).two(version);
        out.two(FLAGS).two(METHOD).two(self.time).two(self.day);
        out.four(file.crc);
        out.four(narrow(file.stored)).four(narrow(file.size));
        out.two(short(&file.name)).two(if far { 12 } else { 0 });
        // No remark, on the first disk, nothing to tell of the file itself.
        out.two(0).two(0).two(0).four(0);
        out.four(narrow(file.begins)).bytes(file.name.as_bytes());
        if far {
            out.two(1).two(8).eight(file.begins);
        }
    }

    fn count(&mut self, out: Out) -> Vec<u8> {
        self.written += wide(out.0.len());
        out.0
    }
}

/// Numbers as ZIP writes them: the lowest byte first.
#[derive(Default)]
struct Out(Vec<u8>);

impl Out {
    fn bytes(&mut self, bytes: &[u8]) -> &mut Self {
        self.0.extend_from_slice(bytes);
        self
    }

    fn two(&mut self, number: u16) -> &mut Self {
        self.bytes(&number.to_le_bytes())
    }

    fn four(&mut self, number: u32) -> &mut Self {
        self.bytes(&number.to_le_bytes())
    }

    fn eight(&mut self, number: u64) -> &mut Self {
        self.bytes(&number.to_le_bytes())
    }
}

fn wide(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}

/// A number of 32 bits; the greatest one says that it stands elsewhere.
fn narrow(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

fn short(name: &str) -> u16 {
    u16::try_from(name.len()).unwrap_or(u16::MAX)
}

/// CRC-32 with one more byte.
fn add(crc: u32, byte: u8) -> u32 {
    (0..8).fold(crc ^ u32::from(byte), |crc, _bit| {
        let mask = 0_u32.wrapping_sub(crc & 1);
        (crc >> 1) ^ (0xEDB8_8320 & mask)
    })
}

#[cfg(test)]
pub(in super::super) mod tests {
    use super::*;

    fn number(bytes: &[u8], at: usize, size: usize) -> u64 {
        let part = &bytes[at..at + size];
        part.iter()
            .rev()
            .fold(0, |sum, byte| sum << 8 | u64::from(*byte))
    }

    fn place(bytes: &[u8], at: usize, size: usize) -> usize {
        usize::try_from(number(bytes, at, size)).unwrap()
    }

    /// The names and bytes of all files of an archive, found by its list and checked against it.
    pub(in super::super::super) fn read(archive: &[u8]) -> Vec<(String, Vec<u8>)> {
        let end = archive.len() - 22;
        assert_eq!(number(archive, end, 4), 0x0605_4B50);
        let mut at = place(archive, end + 16, 4);
        let files = (0..number(archive, end + 10, 2)).map(|_| {
            assert_eq!(number(archive, at, 4), 0x0201_4B50);
            let (crc, size) = (number(archive, at + 16, 4), number(archive, at + 24, 4));
            let (length, extra) = (place(archive, at + 28, 2), place(archive, at + 30, 2));
            let begins = place(archive, at + 42, 4);
            let name = String::from_utf8(archive[at + 46..at + 46 + length].to_vec()).unwrap();
            at += 46 + length + extra;
            let bytes = inflate(archive, begins + 30 + length);
            assert_eq!(u64::try_from(bytes.len()).unwrap(), size, "{name}");
            let sum = bytes.iter().copied().fold(!0, add);
            assert_eq!(u64::from(!sum), crc, "{name}");
            (name, bytes)
        });
        files.collect()
    }

    /// Reads stored blocks to the last.
    fn inflate(archive: &[u8], mut at: usize) -> Vec<u8> {
        let mut bytes = Vec::new();
        loop {
            let length = place(archive, at + 1, 2);
            assert_eq!(place(archive, at + 3, 2), length ^ 0xFFFF);
            bytes.extend_from_slice(&archive[at + 5..at + 5 + length]);
            if archive[at] == 1 {
                return bytes;
            }
            at += 5 + length;
        }
    }

    #[test]
    fn what_goes_in_comes_out() {
        let long: Vec<u8> = (0..200_000u32).map(|n| n.to_le_bytes()[0]).collect();
        let mut zip = Zip::new("2026-06-01T12:30:00Z");
        let mut archive = Vec::new();
        let files: [(&str, &[u8]); 4] = [
            ("check.txt", b"123456789"),
            ("empty", b""),
            ("pictures/schön.bin", &long),
            ("last.json", b"[]"),
        ];
        for (name, bytes) in files {
            archive.extend(zip.begin(name));
            for part in bytes.chunks(70_000) {
                archive.extend(zip.put(part));
            }
            archive.extend(zip.end());
        }
        archive.extend(zip.finish());
        let found = read(&archive);
        let wanted = files.map(|(name, bytes)| (name.to_owned(), bytes.to_vec()));
        assert_eq!(found, wanted);
        assert_eq!(zip.files[0].crc, 0xCBF4_3926, "the check value of CRC-32");
    }

    #[test]
    fn large_numbers_stand_elsewhere() {
        let mut zip = Zip::new("nonsense");
        zip.written = 5 << 32;
        let mut archive = zip.begin("far");
        archive.extend(zip.end());
        let list = zip.finish();
        assert_eq!(number(&list, 42, 4), u64::from(u32::MAX));
        assert_eq!(number(&list, 46 + 3 + 4, 8), 5 << 32);
        let end = 46 + 3 + 12;
        assert_eq!(number(&list, end, 4), 0x0606_4B50);
        let begins = (5 << 32) + u64::try_from(archive.len()).unwrap();
        assert_eq!(number(&list, end + 48, 8), begins);
        assert_eq!(number(&list, end + 56, 4), 0x0706_4B50);
        assert_eq!(number(&list, end + 76, 4), 0x0605_4B50);
    }
}
