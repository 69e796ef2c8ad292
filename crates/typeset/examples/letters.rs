//! scratch
#[path = "../tests/typeset/made_up.rs"]
mod made_up;
use std::time::Instant;
fn main() {
    let out = std::env::args().nth(1).unwrap();
    let count: usize = std::env::args().nth(2).map_or(0, |n| n.parse().unwrap());
    let started = Instant::now();
    if count > 0 {
        let batch = made_up::batch(
            (0..count).map(|n| made_up::letter(&format!("Mere Tamihana {n}"), 5 + n % 20)).collect(),
        );
        let printed = typeset::pdf(&batch).unwrap();
        std::fs::write(out, &printed.pdf).unwrap();
        let hwm = std::fs::read_to_string("/proc/self/status").unwrap();
        println!(
            "{count} {:?} {} bytes {} pages {}",
            started.elapsed(),
            printed.pdf.len(),
            printed.pages.last().unwrap().end,
            hwm.lines().find(|l| l.starts_with("VmHWM")).unwrap()
        );
        return;
    }
    let mut batch = made_up::batch(vec![
        made_up::letter("Mere Tamihana", 7),
        made_up::letter("Mere Tamihana", 60),
        made_up::reo("Mere Tamihana"),
        made_up::letter(
            "Wilhelmina Anastasia Papadopoulos-Featherstonehaugh and Te Rangihīroa Ngāwhika-Tamihana of the Long Family",
            1,
        ),
        made_up::letter(
            "#sys.inputs $x$ *bold* _it_ @ref <x> \\ \" 王小明 محمد 🙂 Averyveryverylongwordwithoutanyplacetobreakitwhichgoesonandonandon",
            23,
        ),
    ]);
    batch.letterhead.logo = std::fs::read("/tmp/typeset-logo.png").unwrap_or_default();
    let printed = typeset::pdf(&batch).unwrap();
    std::fs::write(out, &printed.pdf).unwrap();
    println!("{:?} {:?} {:?}", started.elapsed(), printed.pages, printed.without_type);
}
