//! On real Postgres: what a start must survive.

use std::cell::RefCell;
use std::env;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use super::*;

/// Tells the holder, a process of its own, which data to hold.
const HOLDER_DATA: &str = "PRIVATE_POSTGRES_TEST_HOLDER";

fn quiet(_: &str) {}

fn start(data: &Path) -> PrivatePostgres {
    PrivatePostgres::start(data, Durability::Full, &quiet).unwrap()
}

fn psql(url: &str, sql: &str) -> String {
    let programs = locate::find(&Places::of_this_machine(), None).unwrap();
    let answer = Command::new(programs.folder.join("psql")).args(["-XAtq", "-v", "ON_ERROR_STOP=1", "-c", sql, url]).output().unwrap();
    assert!(answer.status.success(), "{}", String::from_utf8_lossy(&answer.stderr));
    String::from_utf8(answer.stdout).unwrap().trim().to_owned()
}

fn postmaster_of(data: &Path) -> Option<Pid> {
    leftovers::named(&home::cluster_in(data).join("postmaster.pid"))
}

/// Not counting a process that has ended and only was not collected yet.
fn lives(pid: Pid) -> bool {
    fs::read_to_string(format!("/proc/{pid}/stat")).is_ok_and(|stat| !stat.contains(") Z "))
}

fn wait_for(what: &str, done: impl Fn() -> bool) {
    assert!(
        (0..500).any(|_| done() || {
            thread::sleep(Duration::from_millis(20));
            false
        }),
        "still waiting: {what}"
    );
}

/// Not a test of its own: what [`a_killed_server_loses_nothing`] starts as another process and kills.
#[test]
fn holder() {
    let Some(data) = env::var_os(HOLDER_DATA).map(PathBuf::from) else { return };
    let held = start(&data);
    println!("\nheld {}", held.url("postgres"));
    thread::sleep(Duration::from_secs(60));
}

/// Starts a server on the data in a process of its own.
fn spawn_holder(data: &Path) -> (Child, String) {
    let (_, module) = module_path!().split_once("::").unwrap();
    let mut holder = Command::new(env::current_exe().unwrap())
        .args(["--exact", "--nocapture", &format!("{module}::holder")])
        .env(HOLDER_DATA, data)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(holder.stdout.take().unwrap()).lines().map_while(Result::ok);
    let url = lines.find_map(|line| line.strip_prefix("held ").map(str::to_owned)).expect("the holder starts");
    (holder, url)
}

#[test]
fn a_killed_server_loses_nothing() {
    let folder = PassingFolder::create().unwrap();
    let data = folder.path().join("a/b");
    // What a killed `initdb` leaves.
    fs::create_dir_all(data.join("cluster.new-1/base")).unwrap();
    if nix::unistd::Uid::effective().is_root() {
        use std::os::unix::fs::PermissionsExt;
        for folder in [data.clone(), folder.path().join("a")] {
            fs::set_permissions(folder, fs::Permissions::from_mode(0o711)).unwrap();
        }
    }

    let (mut holder, url) = spawn_holder(&data);
    assert!(!data.join("cluster.new-1").exists());
    psql(&url, "create table kept (word text); insert into kept values ('before')");

    let refused = PrivatePostgres::start(&data, Durability::Full, &quiet).unwrap_err().to_string();
    assert!(refused.contains(&format!("process {}", holder.id())), "{refused}");

    let orphan = postmaster_of(&data).unwrap();
    holder.kill().unwrap();
    holder.wait().unwrap();
    // At once: the orphan is still stopping, and has to be awaited.
    let again = start(&data);
    assert!(!lives(orphan));
    assert_eq!(psql(&again.url("postgres"), "select word from kept"), "before");
    again.stop().unwrap();

    // And when nobody comes back, it ends by itself.
    let (mut holder, _) = spawn_holder(&data);
    let orphan = postmaster_of(&data).unwrap();
    holder.kill().unwrap();
    holder.wait().unwrap();
    wait_for("the orphan ends", || !lives(orphan));
}

#[test]
fn leftovers_of_every_kind_are_cleared() {
    let folder = PassingFolder::create().unwrap();
    let data = folder.path();
    let first = start(data);
    let url = first.url("postgres");
    assert_eq!(
        psql(
            &url,
            "select current_user, current_setting('fsync'), current_setting('listen_addresses'), current_setting('TimeZone'),
                pg_encoding_to_char(encoding), datcollate from pg_database where datname = 'template1'"
        ),
        format!("{OWNER}|on||UTC|UTF8|C.UTF-8")
    );
    psql(&url, "create table kept (word text); insert into kept values ('before')");

    // Postgres alone is killed: its file and socket stay behind, and its workers end in their own time.
    kill(postmaster_of(data).unwrap(), Signal::SIGKILL).unwrap();
    wait_for("the end is noticed", || !first.is_running());
    drop(first);
    let second = start(data);
    assert_eq!(psql(&url, "select word from kept"), "before");

    // The same, and the number has been given to somebody else since, who must come to no harm.
    let pid_file = home::cluster_in(data).join("postmaster.pid");
    let content = fs::read_to_string(&pid_file).unwrap();
    second.stop().unwrap();
    let mut stranger = Command::new("sleep").arg("60").spawn().unwrap();
    let (_, rest) = content.split_once('\n').unwrap();
    fs::write(&pid_file, format!("{}\n{rest}", stranger.id())).unwrap();
    let third = start(data);
    assert!(stranger.try_wait().unwrap().is_none());
    stranger.kill().unwrap();
    stranger.wait().unwrap();
    drop(third);

    // A Postgres whose server is gone and which nobody told to stop.
    let account = Account::for_cluster(&home::cluster_in(data)).unwrap();
    let programs = locate::find(&Places::of_this_machine(), None).unwrap();
    let mut orphan = account.command(&programs.postgres());
    orphan.arg("-D").arg(home::cluster_in(data)).args(["-c", "listen_addresses=", "-k"]).arg(data.join("socket"));
    let mut orphan = orphan.stderr(Stdio::null()).spawn().unwrap();
    wait_for("the orphan starts", || fs::read_to_string(&pid_file).is_ok_and(|content| content.contains("ready")));
    let said = RefCell::new(String::new());
    let fourth = PrivatePostgres::start(data, Durability::Full, &|line| said.borrow_mut().push_str(line)).unwrap();
    assert!(orphan.try_wait().unwrap().is_some_and(|status| status.success()));
    assert!(said.borrow().contains(&format!("process {}", orphan.id())), "{}", said.borrow());
    assert_eq!(psql(&url, "select word from kept"), "before");
    drop(fourth);

    // When it cannot start, its own words are passed on.
    fs::remove_file(home::cluster_in(data).join("global/pg_control")).unwrap();
    let error = PrivatePostgres::start(data, Durability::Full, &quiet).unwrap_err().to_string();
    assert!(error.contains("pg_control") && error.contains("postgres.log"), "{error}");
}

#[test]
fn what_is_thrown_away_is_gone() {
    // Started from a thread that ends at once, as one of a pool may: Postgres goes on.
    let postgres = thread::spawn(|| PrivatePostgres::throw_away(&quiet)).join().unwrap().unwrap();
    let url = postgres.url("postgres");
    assert_eq!(psql(&url, "select current_setting('fsync')"), "off");
    let folder = postgres.passing.as_ref().unwrap().path().to_owned();
    let process = postmaster_of(&folder).unwrap();
    assert!(folder.exists() && lives(process));
    drop(postgres);
    assert!(!folder.exists() && !lives(process));
}

#[test]
fn no_programs_leaves_no_trace() {
    let folder = PassingFolder::create().unwrap();
    let data = folder.path().join("data");
    let error = PrivatePostgres::start_from(&Places::default(), &data, Durability::Full, None, &quiet).unwrap_err();
    assert!(matches!(error, PrivatePostgresError::NoPrograms { .. }), "{error}");
    assert!(!data.exists());
}

#[test]
fn what_is_not_a_cluster_is_left_alone() {
    let folder = PassingFolder::create().unwrap();
    let letters = home::cluster_in(folder.path()).join("letters");
    fs::create_dir(home::cluster_in(folder.path())).unwrap();
    fs::write(&letters, "dear").unwrap();
    if nix::unistd::Uid::effective().is_root() {
        // Root's folder: Postgres could not run on it in any case.
        let error = PrivatePostgres::start(folder.path(), Durability::Full, &quiet).unwrap_err();
        assert!(matches!(error, PrivatePostgresError::OthersData { .. }), "{error}");
        let account = Account::for_cluster(folder.path().join("none").as_path()).unwrap();
        account.give(&home::cluster_in(folder.path())).unwrap();
    }
    let error = PrivatePostgres::start(folder.path(), Durability::Full, &quiet).unwrap_err();
    assert!(matches!(error, PrivatePostgresError::NotACluster { .. }), "{error}");
    assert_eq!(fs::read_to_string(letters).unwrap(), "dear");
}

#[test]
fn a_folder_closed_to_the_account_is_explained() {
    use std::os::unix::fs::PermissionsExt;
    if !nix::unistd::Uid::effective().is_root() {
        return;
    }
    let folder = PassingFolder::create().unwrap();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o700)).unwrap();
    let error = PrivatePostgres::start(&folder.path().join("data"), Durability::Full, &quiet).unwrap_err();
    assert!(matches!(&error, PrivatePostgresError::DataClosed { closed, .. } if closed == folder.path()), "{error}");
}
