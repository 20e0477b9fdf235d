//! Where the data goes when nobody says.

use std::path::{Path, PathBuf};

use super::account::Account;
use super::{files, home};

/// Where the private Postgres keeps its data by default: `var/postgres` in the current folder. When this process is
/// root, and the account that Postgres then runs under cannot enter there (a checkout in root's own home, say), a
/// folder of `/var/lib/cadence` that is named after the current folder. `say` is told about the latter.
#[must_use]
pub fn default_data_dir(say: &dyn Fn(&str)) -> PathBuf {
    let here = std::env::current_dir().unwrap_or_else(|_| ".".into());
    choose(&here, Path::new("/var/lib/cadence"), say)
}

fn choose(here: &Path, elsewhere: &Path, say: &dyn Fn(&str)) -> PathBuf {
    let near = here.join("var/postgres");
    // Without an account nothing starts anyway, and starting explains that better.
    let Ok(account) = Account::for_cluster(&home::cluster_in(&near)) else { return near };
    match account.can_enter(&near) {
        Ok(()) => near,
        Err(closed) => {
            let far = elsewhere.join(files::short_name(here));
            say(&format!(
                "The database is kept in {}, because Postgres runs as {}, who may not enter {}.",
                far.display(),
                account.name,
                closed.display()
            ));
            far
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs::{self, Permissions};
    use std::os::unix::fs::PermissionsExt;

    use nix::unistd::Uid;

    use super::*;
    use crate::private_postgres::throw_away::PassingFolder;

    #[test]
    fn data_is_near_unless_that_is_closed_to_the_account() {
        let folder = PassingFolder::create().unwrap();
        let here = folder.path().join("checkout");
        fs::create_dir(&here).unwrap();
        fs::set_permissions(&here, Permissions::from_mode(0o755)).unwrap();
        let elsewhere = Path::new("/elsewhere");
        assert_eq!(choose(&here, elsewhere, &|said| panic!("{said}")), here.join("var/postgres"));

        fs::set_permissions(&here, Permissions::from_mode(0o700)).unwrap();
        let said = std::cell::RefCell::new(String::new());
        let chosen = choose(&here, elsewhere, &|line| said.borrow_mut().push_str(line));
        if Uid::effective().is_root() {
            assert_eq!(chosen, elsewhere.join(files::short_name(&here)));
            assert!(said.borrow().contains("checkout"), "{}", said.borrow());
        } else {
            assert_eq!(chosen, here.join("var/postgres"));
        }
    }
}
