//! What a killed run leaves behind, cleared before the next start. Only called with the home's lock held, so that no
//! other server can be using what is found.

use std::ffi::OsStr;
use std::fs;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::thread;
use std::time::Duration;

use nix::errno::Errno;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use super::error::PrivatePostgresError;
use super::home::Home;
use super::process::{PATIENCE, STEP};
use super::socket::Socket;

/// How long a Postgres that is not ours to stop may take to go by itself.
const COURTESY: Duration = Duration::from_secs(3);

/// Who has the process id that `postmaster.pid` names.
#[derive(Debug, PartialEq, Eq)]
enum Bearer {
    /// Nobody, or there is no such file.
    Nobody,
    /// The Postgres of an earlier run: it still stops, or nobody told it to.
    Ours,
    /// Somebody unrelated, who was given the number after our Postgres had died.
    Stranger,
    /// A Postgres started by hand on the same data, or something that cannot be told apart from it.
    Doubtful,
}

/// Sees to it that no Postgres runs on the cluster and that nothing keeps a new one from starting.
pub(super) fn clear(home: &Home, socket: &Socket, say: &dyn Fn(&str)) -> Result<(), PrivatePostgresError> {
    let Some(pid) = named(&home.pid_file()) else {
        return socket.clear().map_err(PrivatePostgresError::files("clear", socket.folder()));
    };
    let cluster = home.cluster();
    let occupied = || PrivatePostgresError::Occupied { pid: pid.as_raw(), cluster: cluster.clone() };
    let gone = |patience| wait_until(patience, || matches!(bearer(pid, &cluster), Bearer::Nobody | Bearer::Stranger));
    match bearer(pid, &cluster) {
        Bearer::Nobody | Bearer::Stranger => {}
        Bearer::Ours => {
            say(&format!("Waiting for the Postgres of an earlier run (process {pid}) to stop."));
            let stopped = [Signal::SIGINT, Signal::SIGQUIT].into_iter().any(|signal| {
                let _ = kill(pid, signal);
                gone(PATIENCE)
            });
            if !stopped {
                return Err(occupied());
            }
        }
        Bearer::Doubtful => {
            if !gone(COURTESY) {
                return Err(occupied());
            }
        }
    }
    // A file that names a dead process is Postgres's own to judge. One that names a stranger it would respect for ever.
    if named(&home.pid_file()) == Some(pid) && bearer(pid, &cluster) == Bearer::Stranger {
        fs::remove_file(home.pid_file()).map_err(PrivatePostgresError::files("remove", &home.pid_file()))?;
    }
    socket.clear().map_err(PrivatePostgresError::files("clear", socket.folder()))
}

/// The process that a `postmaster.pid` names.
pub(super) fn named(pid_file: &Path) -> Option<Pid> {
    let content = fs::read_to_string(pid_file).ok()?;
    let pid: i32 = content.lines().next()?.trim().parse().ok()?;
    // A cluster opened without a postmaster is marked by a minus sign. One is init; zero and none would be groups.
    pid.checked_abs().filter(|pid| *pid > 1).map(Pid::from_raw)
}

fn bearer(pid: Pid, cluster: &Path) -> Bearer {
    if kill(pid, None) == Err(Errno::ESRCH) {
        return Bearer::Nobody;
    }
    let process = Path::new("/proc").join(pid.to_string());
    let command_line = match fs::read(process.join("cmdline")) {
        Ok(command_line) => command_line,
        // It has just ended, or this system shows nothing of its processes.
        Err(error) if error.kind() == io::ErrorKind::NotFound && Path::new("/proc/self/cmdline").exists() => {
            return if kill(pid, None) == Err(Errno::ESRCH) { Bearer::Nobody } else { Bearer::Doubtful };
        }
        Err(_) => return Bearer::Doubtful,
    };
    // No words at all: dead, and only not yet collected by its parent.
    let mut words = command_line.split(|byte| *byte == 0).filter(|word| !word.is_empty());
    let program = words.next().and_then(|word| Path::new(OsStr::from_bytes(word)).file_name());
    // Postgres's workers call themselves "postgres: …" and are no postmasters.
    if !program.is_some_and(|name| name == "postgres" || name == "postmaster") {
        return Bearer::Stranger;
    }
    let rest: Vec<&[u8]> = words.collect();
    if rest.windows(2).any(|pair| pair[0] == b"-D" && pair[1] == cluster.as_os_str().as_bytes()) {
        return Bearer::Ours;
    }
    // A postmaster works in its data's folder. Containers may hide that even from root.
    match fs::read_link(process.join("cwd")) {
        Ok(works_in) if cluster.canonicalize().is_ok_and(|cluster| cluster != works_in) => Bearer::Stranger,
        _ => Bearer::Doubtful,
    }
}

fn wait_until(patience: Duration, done: impl Fn() -> bool) -> bool {
    // Counted in steps, so that no clock is read.
    (0..patience.as_millis() / STEP.as_millis()).any(|_| {
        let done = done();
        if !done {
            thread::sleep(STEP);
        }
        done
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bearers_are_told_apart() {
        let me = Pid::from_raw(i32::try_from(std::process::id()).unwrap());
        assert_eq!(bearer(me, Path::new("/nowhere")), Bearer::Stranger);
        let mut child = std::process::Command::new("true").spawn().unwrap();
        let pid = Pid::from_raw(i32::try_from(child.id()).unwrap());
        child.wait().unwrap();
        assert_eq!(bearer(pid, Path::new("/nowhere")), Bearer::Nobody);
    }
}
