//! A school's picture: printed when it can be, refused with what would be right when it cannot.

use crate::{made_up, poppler};
use letters::Printed;
use std::io::Write as _;
use typeset::TypesetError;

/// A grey PNG that says that it is so large, with these bytes as its picture.
fn png(width: u32, height: u32, more: &[(&[u8; 4], &[u8])], pixels: &[u8]) -> Vec<u8> {
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    let head = [&width.to_be_bytes()[..], &height.to_be_bytes(), &[8, 0, 0, 0, 0]].concat();
    let packed = packed(pixels);
    let mut chunks: Vec<(&[u8; 4], &[u8])> = vec![(b"IHDR", &head)];
    chunks.extend(more);
    chunks.extend([(b"IDAT", &packed[..]), (b"IEND", &[])]);
    for (name, data) in chunks {
        let mut sum = flate2::Crc::new();
        sum.update(name);
        sum.update(data);
        file.extend(u32::try_from(data.len()).expect("a small number").to_be_bytes());
        file.extend(name);
        file.extend(data);
        file.extend(sum.sum().to_be_bytes());
    }
    file
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).expect("it is packed");
    encoder.finish().expect("it is packed")
}

/// Rows of a picture, each after its byte for how it is coded.
fn rows(width: usize, height: usize) -> Vec<u8> {
    [[0].as_slice(), &vec![120; width]].concat().repeat(height)
}

fn with(logo: Vec<u8>) -> Result<Printed, TypesetError> {
    let mut batch = made_up::batch(vec![made_up::letter("Mere Tamihana", 1)]);
    batch.letterhead.logo = logo;
    typeset::pdf(&batch)
}

/// Why a picture is refused.
fn refused(logo: Vec<u8>) -> String {
    match with(logo) {
        Err(TypesetError::Logo(why)) => why,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_picture_stands_above_the_name_and_moves_nothing_into_the_window() {
    for (width, height) in [(80, 80), (2_000, 40), (4, 1_900)] {
        let printed =
            with(png(width, height, &[], &rows(width as usize, height as usize))).expect("letters are set");
        assert!(printed.pdf.windows(14).any(|bytes| bytes == b"/Subtype/Image"));
        let words = poppler::words(&printed.pdf, 1);
        let school = words.iter().find(|word| word.text == "Kura").expect("it is there");
        assert!(school.bottom < 44.0, "{school:?}");
        let name = words.iter().find(|word| word.text == "Mere").expect("it is there");
        assert!(name.top > 57.0 && name.bottom < 81.0, "{name:?}");
    }
    let without = with(Vec::new()).expect("letters are set");
    assert!(!without.pdf.windows(14).any(|bytes| bytes == b"/Subtype/Image"));
}

#[test]
fn a_picture_is_kept_once_in_a_file_of_many_parts() {
    let logo = png(80, 80, &[], &rows(80, 80));
    let mut batch = made_up::batch((0..21).map(|n| made_up::letter(&format!("Mere {n}"), 1)).collect());
    batch.letterhead.logo = logo;
    let printed = typeset::pdf(&batch).expect("letters are set");
    let pictures = printed.pdf.windows(14).filter(|bytes| *bytes == b"/Subtype/Image").count();
    assert_eq!(pictures, 1);
}

#[test]
fn a_picture_that_is_none_or_far_too_large_is_refused() {
    assert!(refused(b"GIF89a".to_vec()).contains("PNG"));
    assert!(refused(b"\x89PNG\r\n\x1a\n".to_vec()).contains("PNG"));
    let good = png(80, 80, &[], &rows(80, 80));
    assert!(refused(good[..good.len() / 2].to_vec()).contains("PNG"), "half a picture");
    assert!(refused(png(60_000, 60_000, &[], &[])).contains("2000 pixels"));
    assert!(refused(png(2_001, 8, &[], &rows(2_001, 8))).contains("2000 pixels"));
    let noise: Vec<u8> = (0..1_500_000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    assert!(refused(png(80, 80, &[(b"tEXt", &noise)], &rows(80, 80))).contains("1 MB"));
}

#[test]
fn a_picture_that_lies_about_its_size_is_only_as_large_as_its_head_says() {
    // Eighty pixels by its head, and eight million by what is packed in it.
    let bomb = png(80, 80, &[], &vec![0; 8_000_000]);
    assert!(bomb.len() < 10_000);
    // A profile of colours that unpacks to as much.
    let profile = [b"x\0\0".as_slice(), &packed(&vec![0; 8_000_000])].concat();
    let profile = png(80, 80, &[(b"iCCP", &profile)], &rows(80, 80));
    let plain = with(png(80, 80, &[], &rows(80, 80))).expect("letters are set").pdf.len();
    for logo in [bomb, profile] {
        let printed = with(logo).expect("letters are set");
        assert!(printed.pdf.len() < plain + 20_000, "{} beside {plain}", printed.pdf.len());
    }
    assert!(refused(png(2_000, 2_000, &[], &[0; 10])).contains("PNG"), "too short for its head");
}
