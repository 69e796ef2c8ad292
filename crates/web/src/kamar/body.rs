//! The body of a push, read whole within limits: a size, and for one that is packed the size and the
//! ratio of what comes out.

use axum::body::{Body, Bytes};
use flate2::read::MultiGzDecoder;
use std::io::Read;
use std::time::Duration;

/// The most bytes of a push, packed or not: KAMAR has been met with 30 MB.
pub(crate) const LARGEST: usize = 64 * 1024 * 1024;

/// The most bytes that come out of one byte in: timetables, the most even of all, come to about 100.
const RATIO: usize = 400;

/// How many bytes come out before their ratio is looked at.
const FREE: usize = 1024 * 1024;

/// Why a body cannot be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// It is too large, or swells too much.
    TooLarge,
    /// It broke off, or is not packed as it says.
    Broken,
}

/// Reads a body whole.
pub(crate) async fn read(body: Body) -> Result<Bytes, Fault> {
    use std::error::Error;
    axum::body::to_bytes(body, LARGEST).await.map_err(|error| {
        let limit = |error: &(dyn Error + 'static)| error.to_string().contains("length limit");
        if error.source().is_some_and(limit) || limit(&error) { Fault::TooLarge } else { Fault::Broken }
    })
}

/// Takes in what comes and forgets it, for a moment: a sender that is turned away in the middle of a body
/// would see the line break, and not the answer.
pub(crate) async fn forget(body: Body) {
    const MOST: usize = 1024 * 1024;
    let _ = tokio::time::timeout(Duration::from_secs(5), axum::body::to_bytes(body, MOST)).await;
}

/// What a body holds: itself, or what comes out of it when it is packed.
pub(crate) fn unpacked(body: Bytes, encoding: &str) -> Result<Bytes, Fault> {
    match encoding.trim().to_ascii_lowercase().as_str() {
        "" | "identity" => Ok(body),
        "gzip" | "x-gzip" => inflate(&body, LARGEST).map(Bytes::from),
        _ => Err(Fault::Broken),
    }
}

fn inflate(packed: &[u8], most: usize) -> Result<Vec<u8>, Fault> {
    let most = most.min(packed.len().saturating_mul(RATIO).max(FREE));
    let mut plain = Vec::new();
    let limit = u64::try_from(most).unwrap_or(u64::MAX).saturating_add(1);
    MultiGzDecoder::new(packed).take(limit).read_to_end(&mut plain).map_err(|_| Fault::Broken)?;
    if plain.len() > most { Err(Fault::TooLarge) } else { Ok(plain) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::Compression;
    use flate2::write::GzEncoder;
    use std::io::Write;

    fn packed(plain: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(plain).expect("written");
        encoder.finish().expect("packed")
    }

    #[test]
    fn r33_what_is_packed_comes_out_within_its_limits_and_no_further() {
        let text = b"{\"SMSDirectoryData\":{}}".repeat(10);
        assert_eq!(unpacked(packed(&text).into(), "gzip").as_deref(), Ok(&text[..]));
        assert_eq!(unpacked(packed(&text).into(), " X-GZIP ").as_deref(), Ok(&text[..]));
        assert_eq!(unpacked(text.clone().into(), "").as_deref(), Ok(&text[..]));
        let two = [packed(b"one "), packed(b"two")].concat();
        assert_eq!(unpacked(two.into(), "gzip").as_deref(), Ok(&b"one two"[..]));

        let bomb = packed(&vec![b' '; 2 * FREE]);
        assert_eq!(unpacked(bomb.into(), "gzip"), Err(Fault::TooLarge), "it swells too much");
        let large: Vec<u8> = (0..5_000_u32).flat_map(|number| number.to_string().into_bytes()).collect();
        assert_eq!(inflate(&packed(&large), large.len() - 1), Err(Fault::TooLarge));
        assert_eq!(inflate(&packed(&large), large.len()).as_deref(), Ok(&large[..]));

        assert_eq!(unpacked(text.into(), "gzip"), Err(Fault::Broken), "it is not packed");
        let cut = packed(b"whole");
        assert_eq!(unpacked(cut[..cut.len() - 3].to_vec().into(), "gzip"), Err(Fault::Broken));
        assert_eq!(unpacked(Bytes::from_static(b"x"), "br"), Err(Fault::Broken));
    }
}
