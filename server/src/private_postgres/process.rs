//! The running Postgres: started, waited for, stopped.

use std::io;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, ExitStatus};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, mpsc};
use std::thread;
use std::time::Duration;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use super::account::Account;
use super::error::PrivatePostgresError;
use super::home::Home;
use super::leftovers;
use super::locate::Programs;
use super::log::Log;
use super::settings::Durability;
use super::socket::{PORT, Socket};

/// Between two looks at something that is awaited.
pub(super) const STEP: Duration = Duration::from_millis(10);
/// How long Postgres may take to end before it is asked more sternly.
pub(super) const PATIENCE: Duration = Duration::from_secs(30);
/// How long it may take to answer. Recovery after a power cut reads the log since the last checkpoint.
const START_PATIENCE: Duration = Duration::from_secs(180);
/// After which a waiting person is told.
const UNUSUAL: Duration = Duration::from_secs(3);
/// How often a start is repeated while workers of a killed Postgres hold on to its memory, and how long to wait in between.
const TRIES: u32 = 20;
const BETWEEN_TRIES: Duration = Duration::from_millis(500);

/// Clears what an earlier run left, starts Postgres on the cluster and waits until it answers.
pub(super) fn start(
    home: &Home,
    programs: &Programs,
    account: &Account,
    socket: &Socket,
    durability: Durability,
    say: &dyn Fn(&str),
) -> Result<Postmaster, PrivatePostgresError> {
    let mut tries_left = TRIES;
    loop {
        leftovers::clear(home, socket, say)?;
        let log = Log::open(home, account)?;
        let not_started = |what: String| PrivatePostgresError::NotStarted { what, log: home.log(), tail: log.tail() };
        let mut postmaster = command(home, programs, account, socket, durability, &log)
            .and_then(|command| Postmaster::spawn(command, durability))
            .map_err(|error| not_started(format!("{} could not be run: {error}", programs.postgres().display())))?;
        let Err(what) = postmaster.wait_until_ready(home, socket, say) else { return Ok(postmaster) };
        // When a postmaster alone was killed, its workers end only as they notice. Postgres guards against them itself.
        let held = !postmaster.is_running()
            && ["pre-existing shared memory block", "lock file \"postmaster.pid\" already exists"]
                .iter()
                .any(|reason| log.tail().contains(reason));
        let error = not_started(what);
        let _ = postmaster.stop(durability);
        if !held || tries_left == 0 {
            return Err(error);
        }
        if tries_left == TRIES {
            say("Waiting for the last processes of an earlier Postgres to end.");
        }
        tries_left -= 1;
        thread::sleep(BETWEEN_TRIES);
    }
}

fn command(home: &Home, programs: &Programs, account: &Account, socket: &Socket, durability: Durability, log: &Log) -> io::Result<Command> {
    let mut command = account.command(&programs.postgres());
    // The folder as a word of its own, by its full path: that is how a later run knows this process for ours.
    command.arg("-D").arg(home.cluster());
    command.args(["-p", PORT, "-k"]).arg(socket.folder());
    for setting in durability.settings() {
        command.args(["-c", &setting]);
    }
    command.stdout(log.handle()?).stderr(log.handle()?);
    Ok(command)
}

/// The main process of a running Postgres.
#[derive(Debug)]
pub(super) struct Postmaster {
    pid: Pid,
    life: Arc<Life>,
    /// Whether stopping it was tried in vain, which is not waited for twice.
    stuck: bool,
}

/// Whether the process has ended, shared with the thread that waits for that.
#[derive(Debug, Default)]
struct Life {
    ended: Mutex<Option<Ended>>,
    changed: Condvar,
}

/// How it ended, where that is known.
#[derive(Debug, Clone, Copy)]
struct Ended(Option<ExitStatus>);

impl Postmaster {
    /// Starts the process from a thread that lives as long as it does: the operating system ends a child together with
    /// the *thread* that started it, and the caller's thread may be one of a pool.
    fn spawn(mut command: Command, durability: Durability) -> io::Result<Self> {
        end_with_this_thread(&mut command, first_signal(durability));
        let life = Arc::new(Life::default());
        let keepers_life = Arc::clone(&life);
        let (tell, told) = mpsc::sync_channel(1);
        thread::Builder::new().name("postgres-keeper".to_owned()).spawn(move || {
            let spawned = command.spawn();
            // Closes this process's copies of the log.
            drop(command);
            match spawned {
                Ok(child) => {
                    let _ = tell.send(Ok(pid_of(&child)));
                    keep(child, &keepers_life);
                }
                Err(error) => {
                    let _ = tell.send(Err(error));
                }
            }
        })?;
        let pid = told.recv().map_err(io::Error::other)??;
        Ok(Self { pid, life, stuck: false })
    }

    pub fn is_running(&self) -> bool {
        self.life.ended().is_none()
    }

    /// Waits until connections are accepted; the error says what happened instead.
    fn wait_until_ready(&self, home: &Home, socket: &Socket, say: &dyn Fn(&str)) -> Result<(), String> {
        for waited in 0..START_PATIENCE.as_millis() / STEP.as_millis() {
            if let Some(ended) = self.life.wait(STEP) {
                return Err(match ended.0 {
                    Some(status) => format!("it ended with {status}"),
                    None => "it ended".to_owned(),
                });
            }
            if says_ready(&home.pid_file(), self.pid) {
                return socket.answers().map_err(|error| format!("it runs, but its socket cannot be reached ({error})"));
            }
            if waited == UNUSUAL.as_millis() / STEP.as_millis() {
                say("Postgres is still starting; after a power cut it checks its log first.");
            }
        }
        Err(format!("it did not answer within {} seconds", START_PATIENCE.as_secs()))
    }

    /// Ends it and waits for that. Does nothing when it has ended already.
    pub fn stop(&mut self, durability: Durability) -> Result<(), PrivatePostgresError> {
        // The second is no loss of data either: Postgres recovers at the next start, as after a power cut.
        for signal in [first_signal(durability), Signal::SIGQUIT] {
            let patience = if self.stuck { Duration::ZERO } else { PATIENCE };
            if self.life.signal(self.pid, signal) || self.life.wait(patience).is_some() {
                return Ok(());
            }
        }
        self.stuck = true;
        Err(PrivatePostgresError::NotStopped { pid: self.pid.as_raw() })
    }
}

impl Life {
    fn lock(&self) -> MutexGuard<'_, Option<Ended>> {
        self.ended.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn ended(&self) -> Option<Ended> {
        *self.lock()
    }

    /// Waits for the end, but not for longer than this.
    fn wait(&self, patience: Duration) -> Option<Ended> {
        let waited = self.changed.wait_timeout_while(self.lock(), patience, |ended| ended.is_none());
        *waited.unwrap_or_else(PoisonError::into_inner).0
    }

    /// Sends a signal, or returns true when it has ended already. Under the lock, since the number of a process that
    /// was collected may be another's.
    fn signal(&self, pid: Pid, signal: Signal) -> bool {
        let ended = self.lock();
        if ended.is_none() {
            let _ = kill(pid, signal);
        }
        ended.is_some()
    }
}

/// Waits for the child to end and makes that known.
fn keep(mut child: Child, life: &Life) {
    // First wait without collecting it, so that its number stays its own until the lock is held.
    #[cfg(target_os = "linux")]
    {
        use nix::errno::Errno;
        use nix::sys::wait::{Id, WaitPidFlag, waitid};
        let flags = WaitPidFlag::WEXITED | WaitPidFlag::WNOWAIT;
        while waitid(Id::Pid(pid_of(&child)), flags) == Err(Errno::EINTR) {}
        let mut ended = life.lock();
        *ended = Some(Ended(child.wait().ok()));
    }
    #[cfg(not(target_os = "linux"))]
    {
        let status = child.wait().ok();
        *life.lock() = Some(Ended(status));
    }
    life.changed.notify_all();
}

/// "Fast" ends connections and writes everything out; "immediate" does not, which is enough for what is thrown away.
fn first_signal(durability: Durability) -> Signal {
    match durability {
        Durability::Full => Signal::SIGINT,
        Durability::ThrowAway => Signal::SIGQUIT,
    }
}

fn pid_of(child: &Child) -> Pid {
    Pid::from_raw(i32::try_from(child.id()).expect("the operating system's process ids are of this type"))
}

/// Whether the process reports in its file that it takes connections.
fn says_ready(pid_file: &Path, pid: Pid) -> bool {
    leftovers::named(pid_file) == Some(pid)
        && std::fs::read_to_string(pid_file).is_ok_and(|content| content.lines().nth(7).map(str::trim) == Some("ready"))
}

/// Has the operating system send `signal` to the command's process when the thread that spawns it ends, however it
/// ends. Where there is no such thing (outside Linux) an orphan is stopped by the next start.
#[cfg_attr(not(target_os = "linux"), allow(unused_variables))]
#[allow(unsafe_code)]
pub(super) fn end_with_this_thread(command: &mut Command, signal: Signal) {
    let parent = std::process::id();
    let ask = move || {
        #[cfg(target_os = "linux")]
        {
            nix::sys::prctl::set_pdeathsig(signal)?;
            // The parent may have died before the request was made.
            if u32::try_from(nix::unistd::getppid().as_raw()) != Ok(parent) {
                return Err(nix::errno::Errno::ESRCH.into());
            }
        }
        Ok(())
    };
    // SAFETY: between `fork` and `exec` this only makes two system calls on values it owns: it takes no lock,
    // allocates nothing, and leaves the memory shared with the parent alone. It runs after the user was changed, which
    // would have withdrawn the request.
    unsafe {
        command.pre_exec(ask);
    }
}
