//! What processes use: processor time and memory, read where Linux tells it.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// Ticks a second in which the kernel counts processor time, on every Linux that we run on.
const TICKS: f64 = 100.0;

/// Whose time and memory is meant.
#[derive(Clone, Copy)]
pub enum Whose {
    /// This process's.
    Own,
    /// Another process's.
    Process(u32),
    /// A process's and its children's: PostgreSQL's.
    Family(u32),
}

impl Whose {
    /// Seconds of processor time so far. 0 where the system does not tell.
    pub fn seconds(self) -> f64 {
        match self {
            Self::Own => own_seconds(Path::new("/proc/self")),
            Self::Process(process) => own_seconds(&directory(process)),
            // Children that ended are counted with who began them.
            Self::Family(first) => {
                let ended: f64 = fields(&directory(first), 13..15);
                let children: f64 =
                    children(first).into_iter().map(|child| own_seconds(&directory(child))).sum();
                own_seconds(&directory(first)) + ended + children
            }
        }
    }

    /// Resident memory in mebibytes; what several processes share is counted once.
    pub fn memory(self) -> f64 {
        let of = |directory: &Path, file: &str, name: &str| {
            let text = std::fs::read_to_string(directory.join(file)).unwrap_or_default();
            let line = text.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
            line.trim().trim_end_matches(" kB").parse::<f64>().unwrap_or_default() / 1024.0
        };
        match self {
            Self::Own => of(Path::new("/proc/self"), "status", "VmRSS:"),
            Self::Process(process) => of(&directory(process), "status", "VmRSS:"),
            Self::Family(first) => {
                let all = children(first).into_iter().chain([first]);
                all.map(|process| of(&directory(process), "smaps_rollup", "Pss:")).sum()
            }
        }
    }
}

fn directory(process: u32) -> std::path::PathBuf {
    Path::new("/proc").join(process.to_string())
}

fn own_seconds(directory: &Path) -> f64 {
    fields(directory, 11..13)
}

/// The sum of fields of `stat`, counted from the one after the name, in seconds.
fn fields(directory: &Path, which: std::ops::Range<usize>) -> f64 {
    let text = std::fs::read_to_string(directory.join("stat")).unwrap_or_default();
    let rest = text.rsplit_once(") ").map_or("", |(_, rest)| rest);
    let fields: Vec<&str> = rest.split(' ').collect();
    let ticks = fields.get(which).unwrap_or_default().iter().filter_map(|field| field.parse::<f64>().ok());
    ticks.sum::<f64>() / TICKS
}

fn children(parent: u32) -> Vec<u32> {
    let Ok(entries) = std::fs::read_dir("/proc") else { return Vec::new() };
    let process = |entry: std::io::Result<std::fs::DirEntry>| entry.ok()?.file_name().to_str()?.parse().ok();
    let is_child = |process: &u32| {
        let text = std::fs::read_to_string(directory(*process).join("stat")).unwrap_or_default();
        let rest = text.rsplit_once(") ").map_or("", |(_, rest)| rest);
        rest.split(' ').nth(1).and_then(|field| field.parse().ok()) == Some(parent)
    };
    entries.filter_map(process).filter(is_child).collect()
}

/// The most memory that processes had while something ran, looked at twice a second.
pub fn watched<T>(whose: &[Whose], act: impl FnOnce() -> T) -> (T, Vec<f64>) {
    let is_done = Arc::new(AtomicBool::new(false));
    std::thread::scope(|scope| {
        let done = Arc::clone(&is_done);
        let watch = scope.spawn(move || {
            let mut most = vec![0.0_f64; whose.len()];
            loop {
                for (most, whose) in most.iter_mut().zip(whose) {
                    *most = most.max(whose.memory());
                }
                if done.load(Ordering::Relaxed) {
                    return most;
                }
                std::thread::sleep(Duration::from_millis(500));
            }
        });
        let answer = act();
        is_done.store(true, Ordering::Relaxed);
        (answer, watch.join().unwrap_or_default())
    })
}
