//! How bytes travel: their digest, their size, their compression, and lines that break.

use super::bench::{Bench, receipt, refusal};
use super::facts::{Sealed, seal};
use super::{Scenario, scenario};
use crate::client::{Ask, Travels};
use crate::finding::{Verdict, must};
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;
use std::io::Write as _;

pub(super) const ALL: &[Scenario] = &[
    scenario(
        "digest-missing",
        "Batches",
        "a batch without a SHA-256 Content-Digest is refused",
        digest_missing,
    ),
    scenario(
        "digest-wrong",
        "Batches",
        "a batch whose bytes are not those of Content-Digest is refused",
        digest_wrong,
    ),
    scenario(
        "digest-among-others",
        "Batches",
        "a SHA-256 digest is found beside digests of other algorithms (RFC 9530)",
        digest_among_others,
    ),
    scenario("too-large", "Batches", "more than 16 MiB is refused with too-large", too_large),
    scenario(
        "too-many-records",
        "Batches",
        "more than 20,000 records are refused with too-large",
        too_many_records,
    ),
    scenario(
        "gzip",
        "Batches",
        "a batch in gzip is taken, and its receipt names the digest of the sealed bytes",
        gzip,
    ),
    scenario(
        "gzip-bomb",
        "Batches",
        "a batch that unpacks to more than 16 MiB is refused with too-large",
        gzip_bomb,
    ),
    scenario(
        "unknown-encoding",
        "Batches",
        "a Content-Encoding other than gzip is refused",
        unknown_encoding,
    ),
    scenario("cut-request", "Trying again", "a body that is cut on its way has no effect", cut_request),
    scenario("slow-request", "Trying again", "a body that takes its time is taken", slow_request),
];

fn one_record(bench: &Bench, key: &str) -> (Value, Sealed) {
    let record = bench.facts.upsert(1, key, bench.facts.half_day(key, "U"));
    let sealed = bench.begin().seal(std::slice::from_ref(&record));
    (record, sealed)
}

fn digest_missing(bench: &Bench) -> Verdict {
    let (_, sealed) = one_record(bench, "no digest");
    let bare = bench.put_of(&sealed).without("content-digest");
    refusal(&bench.ask(&bare)?, &[(400, "digest-missing")])?;
    refusal(&bench.ask(&bare.header("content-digest", "sha-512=:AAAA:"))?, &[(400, "digest-missing")])?;
    Ok(())
}

fn digest_wrong(bench: &Bench) -> Verdict {
    let (_, sealed) = one_record(bench, "wrong digest");
    let ask = bench
        .put_of(&sealed)
        .without("content-digest")
        .header("content-digest", wire::digest(b"other bytes"));
    refusal(&bench.ask(&ask)?, &[(400, "digest-mismatch")])?;
    // What was damaged may come again as it is.
    bench.take(&sealed)?;
    Ok(())
}

fn digest_among_others(bench: &Bench) -> Verdict {
    let (_, sealed) = one_record(bench, "digests");
    let both = format!("sha-512=:AAAA:, {}", sealed.digest);
    let ask = bench.put_of(&sealed).without("content-digest").header("content-digest", both);
    receipt(&bench.ask(&ask)?, &sealed)?;
    Ok(())
}

/// A batch of one good record and so many bytes of it that nothing else is wrong.
fn padded(bench: &Bench, bytes: usize) -> Sealed {
    let (_, mut sealed) = one_record(bench, "large");
    sealed.bytes.resize(bytes, b' ');
    sealed.digest = wire::digest(&sealed.bytes);
    sealed
}

fn too_large(bench: &Bench) -> Verdict {
    let sealed = padded(bench, wire::MAX_BATCH_BYTES + 1);
    let answer = bench.ask(&bench.put_of(&sealed).travelling(Travels::WhenAsked))?;
    refusal(&answer, &[(413, "too-large")])?;
    Ok(())
}

fn too_many_records(bench: &Bench) -> Verdict {
    let facts = &bench.facts;
    let records: Vec<Value> =
        (1..=20_001).map(|seq| facts.upsert(seq, "many", facts.half_day("many", "U"))).collect();
    let sealed = bench.begin().seal(&records);
    refusal(&bench.ask(&bench.put_of(&sealed).travelling(Travels::WhenAsked))?, &[(413, "too-large")])?;
    Ok(())
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    // Writing to memory does not fail.
    let _ = encoder.write_all(bytes);
    encoder.finish().unwrap_or_default()
}

/// The question that puts a batch in gzip: the header is over the bytes that travel.
fn put_packed(bench: &Bench, sealed: &Sealed) -> Ask {
    let bytes = packed(&sealed.bytes);
    let digest = wire::digest(&bytes);
    let ask = bench.put_of(sealed).without("content-digest").header("content-digest", digest);
    ask.header("content-encoding", "gzip").body(bytes)
}

fn gzip(bench: &Bench) -> Verdict {
    let before = bench.held()?;
    let (record, sealed) = one_record(bench, "packed");
    receipt(&bench.ask(&put_packed(bench, &sealed))?, &sealed)?;
    // The same batch unpacked is the same batch.
    receipt(&bench.put(&sealed)?, &sealed)?;
    bench.must_hold(&before.with(&record), "a batch in gzip is taken once")
}

fn gzip_bomb(bench: &Bench) -> Verdict {
    let sealed = padded(bench, wire::MAX_BATCH_BYTES + (1 << 16));
    refusal(&bench.ask(&put_packed(bench, &sealed))?, &[(413, "too-large")])?;
    Ok(())
}

fn unknown_encoding(bench: &Bench) -> Verdict {
    let (_, sealed) = one_record(bench, "encoding");
    let ask = bench.put_of(&sealed).header("content-encoding", "br");
    refusal(
        &bench.ask(&ask)?,
        &[(415, "batch-malformed"), (422, "batch-malformed"), (400, "request-malformed")],
    )?;
    Ok(())
}

fn cut_request(bench: &Bench) -> Verdict {
    let before = bench.held()?;
    let chain = bench.begin();
    let record = bench.facts.upsert(1, "cut", bench.facts.half_day("cut", "U"));
    let sealed = chain.seal(std::slice::from_ref(&record));
    let half = bench.put_of(&sealed).travelling(Travels::CutAfter(sealed.bytes.len() / 2));
    // Whether anything is answered to a line that broke does not matter, but a receipt is wrong.
    if let Ok(answer) = bench.try_ask(&half) {
        must(answer.status != 200, "no receipt for half a batch", answer.words())?;
    }
    // Bytes that are a batch by themselves, of which more were announced.
    let mut longer = bench.put_of(&sealed);
    longer.body = Some([&sealed.bytes[..], b"      "].concat());
    let _ = bench.try_ask(&longer.travelling(Travels::CutAfter(sealed.bytes.len())));
    bench.must_hold(&before, "a body that was cut has no effect")?;
    let unknown = seal(&chain.envelope(1, std::slice::from_ref(&record)));
    receipt(&bench.put(&unknown)?, &sealed)?;
    bench.must_hold(&before.with(&record), "the whole batch is taken afterwards")
}

fn slow_request(bench: &Bench) -> Verdict {
    let (_, sealed) = one_record(bench, "slow");
    receipt(&bench.ask(&bench.put_of(&sealed).travelling(Travels::Slowly))?, &sealed)?;
    Ok(())
}
