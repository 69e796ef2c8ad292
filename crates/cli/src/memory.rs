//! Memory that a large file took goes back to the machine when the file is done with.
//!
//! The C library keeps up to 64 MiB in each of its arenas once it has seen a large block freed, so that a
//! server that took in a few files of a million rows would hold several times what one needs. Its two
//! thresholds can be fixed from outside alone, so the program begins once more with them fixed.

/// Begins the program again, as the same process, with the thresholds fixed; where that cannot be, or the
/// operator has set either, it goes on as it is.
///
/// Source: mallopt(3), `M_MMAP_THRESHOLD` and `M_TRIM_THRESHOLD`.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
pub(crate) fn give_back() {
    use std::os::unix::process::CommandExt;
    // The last says that it was tried: a program with rights of its own is given the others by nobody.
    const FIXED: [(&str, &str); 3] = [
        ("MALLOC_MMAP_THRESHOLD_", "4194304"),
        ("MALLOC_TRIM_THRESHOLD_", "4194304"),
        ("STARBOARD_MEMORY_FIXED", "1"),
    ];
    if FIXED.iter().any(|(name, _)| std::env::var_os(name).is_some()) {
        return;
    }
    let Ok(program) = std::env::current_exe() else { return };
    // Begun through a loader, this is the loader.
    if program.file_name().is_none_or(|name| name.to_string_lossy().starts_with("ld")) {
        return;
    }
    let mut arguments = std::env::args_os();
    let mut command = std::process::Command::new(program);
    if let Some(name) = arguments.next() {
        command.arg0(name);
    }
    // It returns only where it failed.
    let _ = command.args(arguments).envs(FIXED).exec();
}

/// Elsewhere nothing is known to be needed.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub(crate) fn give_back() {}
